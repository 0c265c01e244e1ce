# The module gets a new name.
import asyncio

async def tick():
    print("tick")

async def main():
    asyncio.create_task(tick())
    await asyncio.sleep(0)

asyncio.run(main())
print(sorted(name for name in globals() if not name.startswith("_")))

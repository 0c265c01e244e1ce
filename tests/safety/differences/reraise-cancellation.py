# The caller sees the cancellation.
import asyncio

async def work():
    try:
        await asyncio.sleep(9)
    except asyncio.CancelledError:
        print("cancelled")

async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print(task.cancelled())

asyncio.run(main())

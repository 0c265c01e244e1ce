# What is pending does not go on.
import asyncio

async def work(seconds):
    await asyncio.sleep(seconds)
    print("done", seconds)

async def main():
    tasks = [asyncio.create_task(work(s)) for s in (0, 0.01)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    await asyncio.sleep(0.05)

asyncio.run(main())

# The error is one of the results.
import asyncio

async def fetch(item):
    if item == 2:
        raise ValueError(item)
    return item

async def load(items):
    results = await asyncio.gather(*(fetch(item) for item in items))
    return results

print(asyncio.run(load([1, 2])))

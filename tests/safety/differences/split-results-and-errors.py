# The errors are no longer among the results.
import asyncio

async def fetch(item):
    if item == 2:
        raise ValueError(item)
    return item

async def load():
    results = await asyncio.gather(fetch(1), fetch(2), return_exceptions=True)
    return [str(result) for result in results]

print(asyncio.run(load()))

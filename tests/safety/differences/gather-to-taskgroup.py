# The error arrives in a group.
import asyncio

async def fetch(item):
    if item == 2:
        raise ValueError(item)
    return item

async def load():
    one, two = await asyncio.gather(fetch(1), fetch(2))
    return one, two

asyncio.run(load())

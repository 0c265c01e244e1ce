# The calls begin before the earlier ones have ended.
import asyncio

async def fetch(item, log):
    log.append(("begins", item))
    await asyncio.sleep(0)
    log.append(("ends", item))
    return item

async def load(items, log):
    answers = []
    for item in items:
        answers.append(await fetch(item, log))
    return answers

log = []
print(asyncio.run(load([1, 2], log)), log)

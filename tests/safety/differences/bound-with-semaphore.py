# At most eight begin at once.
import asyncio

async def fetch(item, log):
    log.append("begins")
    await asyncio.sleep(0)
    log.append("ends")

async def load(items, log):
    await asyncio.gather(*(fetch(item, log) for item in items))

log = []
asyncio.run(load(range(20), log))
print(log.index("ends"))

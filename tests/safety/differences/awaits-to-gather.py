# The second call begins before the first has ended.
import asyncio

async def get_user(log):
    log.append("user begins")
    await asyncio.sleep(0)
    log.append("user ends")

async def get_orders(log):
    log.append("orders begin")

async def load(log):
    user = await get_user(log)
    orders = await get_orders(log)
    return user, orders

log = []
asyncio.run(load(log))
print(log)

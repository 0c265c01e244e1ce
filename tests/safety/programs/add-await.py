# errors end
# --- a coroutine of the file
import asyncio

async def ask(x):
    print("asked", x)
    return x

class Client:
    async def send(self, x):
        print("sent", x)
        return x

    async def both(self):
        ⟦self.send(1)¦self.send(1); print("next")¦await self.send(1)⟧
        await self.send(2)

async def main(n):
    for i in range(n):
        ⟦await ask(i)¦if i: await ask(i)⟧
    await Client().both()
    await asyncio.sleep(0)

asyncio.run(main(⟦0¦2⟧))
# --- a coroutine that goes somewhere
import asyncio

async def ask(x):
    print("asked", x)
    return x

class Base:
    async def load(self, x):
        print("loaded", x)
        return x

class Child(Base):
    async def load(self, x):
        ⟦super().load(x)¦return await super().load(x)¦return (await super().load(x), x)⟧

kept = []

async def main(n):
    for i in range(n):
        ⟦kept.append(ask(i))¦coroutine = ask(i); await coroutine¦asyncio.ensure_future(ask(i))¦ask(i).close()¦await asyncio.gather(ask(i), ask(i))¦_ = [await ask(j) for j in range(i)]¦print(await ask(i) if i else None)¦(lambda: ask(i))().close()¦async with asyncio.timeout(1): ask(i)⟧
    while kept:
        await kept.pop()
    print(await Child().load(n))
    await asyncio.sleep(0)

asyncio.run(main(⟦0¦3⟧))

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

# errors end
# --- the loop runs already
import asyncio
⟦¦from asyncio import run⟧

async def ask(x):
    if x is None:
        raise ValueError(x)
    return x

async def main(x):
    ⟦answer = asyncio.run(ask(x))¦answer = run(ask(x))¦answer = [asyncio.run(ask(x))]¦answer = asyncio.run(ask(asyncio.run(ask(x))))¦answer = -asyncio.run(ask(x))⟧
    print(answer)

⟦asyncio.run(main(1))¦asyncio.run(main(None))¦print("not called")⟧

# errors end
# --- coroutines are waited for
import asyncio
⟦¦import asyncio as aio¦from asyncio import create_task, wait⟧

async def ask(x):
    await asyncio.sleep(0)
    if x == 2:
        raise ValueError(x)
    return x

async def main(n):
    ⟦done, pending = await asyncio.wait([ask(i) for i in range(n)])¦done, pending = await asyncio.wait([ask(0), ask(1)])¦done, pending = await asyncio.wait({ask(0), ask(n)}, timeout=5)¦coroutines = [ask(i) for i in range(n)]
    done, pending = await asyncio.wait(coroutines)¦done, pending = await wait([ask(i) for i in range(n)])¦done, pending = await asyncio.wait((ask(0),), return_when=asyncio.FIRST_COMPLETED)⟧
    print(sorted(repr(task.exception() or task.result()) for task in done), pending)

asyncio.run(main(⟦0¦1¦3⟧))

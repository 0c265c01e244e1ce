# --- nothing is cancelled
import asyncio

async def ask(x):
    if x == 1:
        raise ⟦ValueError(x)¦KeyError(x)¦OSError(x)¦asyncio.TimeoutError(x)⟧
    return ⟦x¦None¦[x]¦Exception⟧

async def main(n):
    results = await asyncio.gather(*(ask(i) for i in range(n)), return_exceptions=True)
    for result in results:
        if ⟦isinstance(result, Exception)¦not isinstance(result, Exception)¦isinstance(result, (Exception))⟧:
            print("one", repr(result))
        else:
            print("other", repr(result))
    ⟦good = [r for r in results if not isinstance(r, Exception)]¦good = [repr(r) for r in results if isinstance(r, Exception)]¦good = isinstance(results[0], Exception) if results else None⟧
    print(good)

asyncio.run(main(⟦0¦1¦2¦4⟧))

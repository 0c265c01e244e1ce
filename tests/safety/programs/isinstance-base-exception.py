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
# --- what else is asked about a result
import asyncio

async def ask(x):
    if x % 2:
        raise ⟦ValueError(x)¦ExceptionGroup("both", [OSError(x)])⟧
    return ⟦x¦ValueError(x)¦(x, None)⟧

async def main(n):
    coroutines = [ask(i) for i in range(n)]
    results = await asyncio.gather(*coroutines, return_exceptions=⟦True¦n > 1⟧)
    for result in results:
        ⟦if isinstance(result, (Exception, int)): print("either")¦match result:
            case Exception(): print("error")
            case _: print("other")¦print(issubclass(type(result), Exception))¦if isinstance(result, ValueError): print("value")
        elif isinstance(result, Exception): print("error", type(result).__name__)¦print("good" if not isinstance(result, Exception) else repr(result))¦kind = Exception
        print(isinstance(result, kind))⟧
    print(any(isinstance(r, Exception) for r in results), sum(isinstance(r, Exception) for r in results))

try:
    asyncio.run(main(⟦0¦1¦3⟧))
except Exception as error:
    print("raised", repr(error))

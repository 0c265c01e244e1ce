# --- the same exception is raised again
import traceback

def parse(text):
    try:
        return int(text)
    except ⟦ValueError as e¦(ValueError, TypeError) as e¦Exception as e⟧:
        print("handled", type(e).__name__)
        ⟦raise e¦if text:
            raise e
        return e.args¦e.add_note("while parsing")
        raise e¦try:
            raise KeyError("inner")
        except KeyError:
            raise e¦print(e); raise e¦e = KeyError("other")
        raise e¦with open("/dev/null"):
            raise e¦def later():
            raise e
        later()¦raise (e)¦raise e from None¦try:
            print("x")
        finally:
            raise e¦[print(i) for i in "a"]
        raise e¦global kept
        kept = e
        raise e¦del e
        raise¦raise e.with_traceback(None)¦try:
            int("z")
        except ValueError:
            pass
        raise e¦try:
            int("z")
        except ValueError as e:
            raise e¦e.__context__ = None
        raise e⟧

for given in ["1", "x", "", None]:
    try:
        print(parse(given))
    except Exception as error:
        print(type(error).__name__, error.args, getattr(error, "__notes__", None), type(error.__context__).__name__, error.__suppress_context__)
parse(⟦"1"¦"x"⟧)
# --- in a generator and a coroutine
import asyncio

def numbers():
    try:
        yield 1
    except ValueError as e:
        ⟦yield 2
        raise e¦raise e¦try:
            yield 3
        finally:
            raise e⟧

async def ask():
    try:
        await asyncio.wait_for(asyncio.sleep(0), 1)
        int("x")
    except ⟦ValueError¦Exception⟧ as e:
        await asyncio.sleep(0)
        raise e

given = numbers()
next(given)
try:
    print(given.throw(ValueError("given")))
    print(next(given))
except (ValueError, StopIteration) as error:
    print(repr(error), repr(error.__context__))
asyncio.run(ask())

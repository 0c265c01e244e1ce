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
            raise e⟧

for given in ["1", "x", "", None]:
    try:
        print(parse(given))
    except Exception as error:
        print(type(error).__name__, error.args, getattr(error, "__notes__", None), type(error.__context__).__name__, error.__suppress_context__)
parse(⟦"1"¦"x"⟧)

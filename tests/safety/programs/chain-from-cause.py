# ignores causes
# --- another exception is raised
def parse(text):
    ⟦try:
        return int(text)
    except ValueError:
        raise KeyError(text)¦try:
        return int(text)
    except (ValueError, TypeError) as error:
        raise RuntimeError(f"bad: {error}")¦try:
        return int(text)
    except ValueError as e:
        if text:
            raise KeyError(text)
        return None¦try:
        return int(text)
    except ValueError:
        raise LookupError¦try:
        return int(text)
    except Exception as error:
        failure = KeyError(error)
        raise failure¦try:
        return int(text)
    except* ValueError:
        raise KeyError(text)¦try:
        return int(text)
    except ValueError: raise KeyError(
            text,  # what was given
        )¦try:
        return int(text)
    except ValueError as err:
        for err in [1]:
            pass
        raise KeyError(text)¦try:
        return int(text)
    except ValueError as err:
        try:
            raise KeyError(err)
        except KeyError:
            raise IndexError(text)⟧

for given in ["1", "x", "", None, "7"]:
    try:
        print(parse(given))
    except (Exception, ExceptionGroup) as error:
        print(type(error).__name__, error.args, type(error.__context__).__name__)
parse(⟦"1"¦"x"¦None⟧)

# The function gets a tuple.
from functools import lru_cache

@lru_cache
def join(words):
    return repr(words)

print(join(["a", "b"]))

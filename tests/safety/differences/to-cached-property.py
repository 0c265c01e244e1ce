# The method is called no more.
from functools import lru_cache

class Model:
    @lru_cache
    def size(self):
        return 3

print(callable(Model().size) if hasattr(Model, "size") else None)

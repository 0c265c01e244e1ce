# It is called no more.
from functools import lru_cache

class Model:
    def __init__(self, path):
        self.path = path

    @lru_cache
    def size(self):
        return len(self.path)

    def twice(self):
        return self.size() * 2

print(Model("abc").twice(), callable(getattr(Model("abc"), "size")))

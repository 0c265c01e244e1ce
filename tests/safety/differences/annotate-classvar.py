# Type checkers and `dataclasses` are told; the class has annotations now.
class Registry:
    known = {}

    def add(self, name):
        self.known[name] = self

print(getattr(Registry, "__annotations__", {}).keys())

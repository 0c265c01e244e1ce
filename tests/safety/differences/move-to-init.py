# The instances share nothing any more.
class Registry:
    known = {}

    def add(self, name):
        self.known[name] = 1
        return len(self.known)

Registry().add("a")
print(Registry().add("b"))

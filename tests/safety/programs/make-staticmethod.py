# --- a method that does not use its object
import copy

class Base:
    ⟦def _size(self, text, scale=1):
        return len(text) * scale¦def size(self, text, scale=1):
        return len(text) * scale¦def _size(self, text, scale=1): return len(text) * scale¦def _size(self, text, scale=1):
        """Its size."""
        return len([self for self in text]) * scale⟧

    def show(self, text):
        ⟦return self._size(text)¦return self.size(text)¦return self._size(text, scale=2)¦return getattr(self, "_size")(text)¦return type(self)._size(self, text)¦return Base._size(self, text)¦measure = self._size
        return measure(text)¦return list(map(self._size, [text, text]))¦return self._size(scale=3, text=text)⟧

class Child(Base):
    ⟦pass¦def _size(self, text, scale=1):
        return -super()._size(text, scale)¦def _size(self, text, scale=1):
        return -Base._size(self, text, scale)¦size = 1⟧

for made in (Base(), Child(), copy.copy(Base())):
    try:
        print(made.show("abc"), made.show(""))
    except Exception as error:
        print(type(error).__name__, error)

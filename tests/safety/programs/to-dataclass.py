# --- a class that only stores
⟦import sys¦from __future__ import annotations¦import dataclasses⟧

class Point:
    ⟦"""A place."""¦kind = "point"¦⟧
    def __init__(self, x: ⟦int¦object¦"list[int]"⟧, y: ⟦int¦object⟧ = ⟦0¦None¦"a"¦()⟧):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Point(x={self.x!r}, y={self.y!r})"

    ⟦def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)¦def __eq__(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self.x == other.x and self.y == other.y¦def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x and self.y == other.y⟧

    def length(self):
        return self.x

one = Point(1)
print(one, Point(2, y=3), one.x, vars(one))
⟦print(one == Point(1), one != Point(1, 2), one == 1)¦print(one is one, one in [one])¦one.x = 5; print(one)¦print(hash(one) == hash(one))¦Point()¦Point(1, 2, 3)¦Point(z=1)¦print(Point(x=[1]).x)¦print({one: 1}[one])⟧

# Instances cannot be changed.
from dataclasses import dataclass

@dataclass
class Point:
    x: int

def move(point):
    setattr(point, "x", 2)

point = Point(1)
move(point)
print(point)
print({point: 1})

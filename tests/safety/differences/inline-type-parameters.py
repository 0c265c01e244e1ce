# The type variable is no global any more.
from typing import TypeVar

T = TypeVar("T")

def first(items: list[T]) -> T:
    return items[0]

print("T" in globals())

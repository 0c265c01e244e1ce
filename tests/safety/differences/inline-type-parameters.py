# The type variable is no global any more.
# python 3.12
import sys
from typing import TypeVar

T = TypeVar("T")

def first(items: list[T]) -> T:
    return items[0]

print(first.__annotations__["return"] is sys.modules[__name__].__dict__.get("T"), first.__annotations__)

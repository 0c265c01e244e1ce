# --- a decorator without wraps
⟦¦import functools¦from functools import wraps¦wraps = 1⟧

def logged(function):
    ⟦def wrapper(*args, **kwargs):
        print("call", args, kwargs)
        return function(*args, **kwargs)¦def wrapper(*args, **kwargs):
        """Its own words."""
        return [function(*args, **kwargs)]¦def wrapper(x, y=2):
        return function(x, y)¦async def wrapper(*args, **kwargs):
        return function(*args, **kwargs)⟧
    return wrapper

@logged
def add(x, y=⟦1¦2⟧):
    ⟦"""Adds."""
    return x + y¦return x + y⟧

class Box:
    @logged
    def size(self, y=3):
        return y

result = add(1)
print(result if not hasattr(result, "close") else result.close())
try:
    print(add(⟦1, 2¦1, y=5¦1, 2, 3¦"a", "b"⟧) and 1)
except TypeError as error:
    print("TypeError")
print(callable(add))

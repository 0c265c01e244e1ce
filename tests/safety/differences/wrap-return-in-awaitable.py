# The annotation says something else.
from collections.abc import Callable

async def call(function: Callable[[int], str]) -> str:
    return await function(1)

print(call.__annotations__)

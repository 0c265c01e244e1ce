# Only names are compared.
from typing import Protocol

class Closes(Protocol):
    def close(self, now: bool) -> None: ...

class Other:
    close = 3

print(isinstance(Other(), Closes))

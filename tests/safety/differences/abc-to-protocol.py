# The class cannot be asked for by `isinstance` any more.
from abc import ABC, abstractmethod

class Tool(ABC):
    @abstractmethod
    def run(self): ...

print(Tool.__mro__[-2].__name__)

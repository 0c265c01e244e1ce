# A subclass lacks the method, and nobody minded.
from abc import abstractmethod


class Tool:
    @abstractmethod
    def run(self): ...

    def name(self):
        return "tool"


class Draft(Tool):
    pass


print(Draft().name())

# Every instance has its own.
from dataclasses import dataclass
from uuid import UUID, uuid4

@dataclass
class Run:
    id: UUID = uuid4()

print(Run() == Run())

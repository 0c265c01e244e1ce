# Instances take it as an argument.
from dataclasses import dataclass, field

@dataclass
class Note:
    title: str
    tags = field(default_factory=list)

Note("t", ["a"])
print("made")

# Instances cannot be changed.
from dataclasses import dataclass

@dataclass
class Key:
    a: int

print(Key.__setattr__ is object.__setattr__)
table = {Key(1): "x"}

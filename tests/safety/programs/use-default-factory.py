# errors end
# --- a mutable default of a field
⟦from dataclasses import dataclass¦import dataclasses¦import dataclasses as dc¦from dataclasses import dataclass, field⟧

⟦@dataclass¦@dataclasses.dataclass¦@dc.dataclass¦@dataclass(frozen=True)¦@dataclass(slots=True)⟧
class Note:
    title: str = "t"
    tags: list = ⟦[]¦{}¦set()¦list()¦dict()¦["a"]¦[x for x in "ab"]¦{"a": 1}¦[[], []]¦(lambda: [])()¦()¦frozenset()⟧

one, two = Note(), Note()
print(one, one.tags is two.tags, one == two, Note(tags=None))

# errors end
# --- a mutable default of a field
⟦from dataclasses import dataclass¦import dataclasses¦import dataclasses as dc¦from dataclasses import dataclass, field⟧

⟦@dataclass¦@dataclasses.dataclass¦@dc.dataclass¦@dataclass(frozen=True)¦@dataclass(slots=True)⟧
class Note:
    title: str = "t"
    tags: list = ⟦[]¦{}¦set()¦list()¦dict()¦["a"]¦[x for x in "ab"]¦{"a": 1}¦[[], []]¦(lambda: [])()¦()¦frozenset()⟧

one, two = Note(), Note()
print(one, one.tags is two.tags, one == two, Note(tags=None))
# --- fields of other kinds, and of a subclass
import dataclasses
from dataclasses import InitVar, dataclass, field
from typing import ClassVar

@dataclass⟦¦(kw_only=True)¦(order=True, unsafe_hash=True)¦(init=False)⟧
class Note:
    seen: ClassVar[list] = []
    first: int = 1
    tags: ⟦list¦"list[str]"¦"ClassVar[dict]"¦InitVar[list]¦list | None⟧ = ⟦[]¦{}¦[seen, seen]¦list("ab")¦field(default=[])¦field(default=(), repr=False)⟧

@dataclass
class Child(Note):
    more: list = ⟦field(default_factory=list)¦()¦[1]⟧

    def __post_init__(self, *rest):
        self.count = len(rest)

one, two = Child(), Child()
one.more = [*one.more, 2]
print(one, two, one.count, [f.name for f in dataclasses.fields(Child)], Note.seen)

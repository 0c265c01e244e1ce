# errors end
# --- the factory is a value
⟦from dataclasses import dataclass, field¦import dataclasses as dc⟧

⟦@dataclass¦@dc.dataclass⟧
class Note:
    tags: list = ⟦field¦dc.field⟧(⟦default_factory=[]¦default_factory={}¦default_factory=dict()¦default_factory=0¦default_factory=["a"]¦default_factory=[x for x in "ab"]¦repr=False, default_factory=set()¦default_factory=list⟧)

try:
    print(Note(["given"]).tags)
finally:
    one, two = Note(), Note()
    print(one.tags, one.tags is two.tags)

# errors end
# --- the first argument is no callable
⟦from collections import defaultdict¦import collections¦from collections import defaultdict as dd⟧

d = ⟦defaultdict¦collections.defaultdict¦dd⟧(⟦[]¦0¦""¦{}¦set()¦dict()¦list()¦[1, 2]¦0.5¦lambda: []¦None¦list¦default_factory=list¦int()⟧)
print(d[1], d[2])
d[3] = 4
print(len(d), d[1] is d[2])

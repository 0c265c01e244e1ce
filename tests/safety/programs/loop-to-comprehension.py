# --- a list is filled
def items():
    ⟦yield from []¦yield from [3, 1, 2, 0]¦yield from [None, "a", 5]¦yield 1; raise ValueError("source")¦yield [1, 2]; yield []⟧

class Note:
    pass

def work(source):
    ⟦out = []¦out = list()¦out: list = []¦out = ["first"]¦seen = out = []⟧
    ⟦for item in source:
        out.append(item)¦for item in source:
        if item:
            out.append(item)¦for item in source:
        out.append(str(item).upper())¦for item in source:
        out.append((item, len(out)))¦for item in source:
        if item is None:
            continue
        out.append(item)¦for item in source:
        if not item:
            break
        out.append(item)¦for item in source:
        for part in str(item):
            out.append(part)¦for item in source:
        out.append(lambda: item)
    out = [f() for f in out]¦for item in source:
        if item and item not in out:
            out.append(item)¦for item in source:
        value = str(item)
        out.append(value)¦for item in source:
        out.append(item)
    else:
        out.append("else")¦for item in source:
        out += [item]¦for item in source:
        out.extend([item, item])¦for i, item in enumerate(source):
        if i % 2 == 0 and item != 3:
            out.append(i)¦for Note.item in source:
        out.append(Note.item)¦for item in source:
        out.append(item.real)¦for item in source: out.append(item)¦for out in source:
        out.append(1)¦for item in source:
        # all of them
        out.append(item)  # here¦for item in source:
        out.append((yield_ := item))
    print(yield_ if out else 0)⟧
    ⟦return out¦print(len(out)); return out¦return out, item¦return sorted(map(str, out))¦try: print(item)
    except NameError: print("unbound")
    return out¦return locals()["out"]⟧

print(work(items()))
# --- what is visible when the loop fails
out = []
try:
    for item in ⟦[1, 0, 2]¦[]¦[4]⟧:
        out.append(1 / item)
except ZeroDivisionError:
    print("failed")
print(out)
# --- a set or a dict is filled
def work(source):
    ⟦out = set()¦out = {}¦out = dict()¦out = {"z": 1}⟧
    for item in source:
        ⟦out.add(item)¦out[item] = 1¦out[str(item)] = item¦if item: out.add(item)¦if item not in out: out[item] = 1¦out[item] = out.get(item, 0)¦out[len(out)] = item¦out["k"] = item¦out[item], x = 1, 2⟧
    ⟦return out¦return len(out)¦return list(out)⟧

print(work(⟦[]¦[1, 1, 2]¦"abca"¦[[]]¦[(1, 2), (1, 2)]⟧))
# --- who else looks at it
class Numbers:
    def __init__(self, seen):
        self.seen = seen

    def __iter__(self):
        for n in (1, 2, 0):
            print("so far", self.seen)
            yield n

def work():
    out = []
    ⟦for n in Numbers(out):
        out.append(n)¦for n in [1, 2]:
        out.append(len(out))¦def look():
        return list(out)
    for n in [1, 2]:
        out.append(look())¦view = out
    for n in [1, 2]:
        out.append(list(view))¦for n in Numbers(None):
        out.append(1 // n)¦for n in Numbers(None):
        out.append(n)
        print(n)¦for n in (m for m in [1, 2] if m not in out):
        out.append(n)¦for n in [1, 2]:
        if n == 2:
            raise ValueError(out)
        out.append(n)¦for n in [3, 4]:
        out.append(n)
    n = out¦for n, (m, *k) in [(1, (2, 3))]:
        out.append((n, m, k))¦for n in [[]]:
        for m in n:
            out.append(m)⟧
    return out

try:
    print(work())
except (ValueError, ZeroDivisionError) as error:
    print(repr(error))
# --- a list of the module
out = []
def look():
    return list(out)
for n in ⟦[1, 2]¦""¦(3,)⟧:
    ⟦out.append(look())¦out.append(n)¦out.append(str(n))¦if n: out.append(n)¦out.append(globals().get("n"))⟧
⟦print(out)¦print(out, n)¦print(look())¦del n⟧

# --- items are counted
def items():
    ⟦yield from []¦yield from "mississippi"¦yield from [1, True, 1.0, "1"]¦yield "a"; raise ValueError("source")¦yield []¦yield from [(1, 2), (1, 2)]⟧

def count(source):
    counts = ⟦{}¦dict()⟧
    for item in source:
        ⟦counts[item] = counts.get(item, 0) + 1¦if item in counts:
            counts[item] += 1
        else:
            counts[item] = 1¦if item not in counts:
            counts[item] = 0
        counts[item] += 1¦counts.setdefault(item, 0)
        counts[item] += 1¦try:
            counts[item] += 1
        except KeyError:
            counts[item] = 1⟧
    ⟦print(len(counts))¦for item, number in counts.items():
        print(item, number)¦print(sorted(map(str, counts)))¦print("a" in counts, max(counts.values(), default=0))¦return sum(counts.values())¦print(counts)¦return counts¦print(counts["a"])¦print(counts == {}, bool(counts))¦print(counts.get("zz"), counts.pop("zz", 3))⟧

print(count(items()))

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
# --- the counts go on
def count(words, seen):
    counts = {}
    for word in ⟦words¦seen¦list(words)¦(w for w in words)⟧:
        counts[word] = counts.get(word, 0) + 1
    ⟦more = counts
    more["x"] = 1
    return counts¦def look(word): return counts[word]
    return [look(word) for word in seen]¦return counts.keys() & {"a"}, counts.items() >= set()¦counts.update({"a": 5})
    return counts¦counts.update(["a"]) if False else None
    return dict(counts)¦del counts["a"]
    return sorted(counts)¦return counts["none"] if seen else len(counts)¦return {w: n for w, n in counts.items() if n > 1}¦return counts | {"z": 1}¦total = 0
    for word in counts: total += counts[word]
    return total¦return type(counts).__name__, str(counts)¦try: return counts["none"]
    except KeyError as error: return repr(error)¦return counts.copy(), counts.setdefault("a", 0)¦return list(counts), counts == {"a": 2}⟧

try:
    print(count(⟦"aab"¦[]¦iter("aba")¦["a", []]⟧, ⟦[]¦["a"]⟧))
except Exception as error:
    print(type(error).__name__, error)

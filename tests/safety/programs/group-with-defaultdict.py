# --- items are grouped
def pairs():
    ⟦yield from []¦yield from [("a", 1), ("b", 2), ("a", 3)]¦yield ("a", 1); raise ValueError("source")¦yield ([], 1)¦yield from [(1, "x"), (True, "y"), (1.0, "z")]⟧

def group(source):
    groups = ⟦{}¦dict()⟧
    for key, value in source:
        ⟦if key not in groups:
            groups[key] = []
        groups[key].append(value)¦groups.setdefault(key, []).append(value)¦if key in groups:
            groups[key].append(value)
        else:
            groups[key] = [value]¦if key not in groups:
            groups[key] = set()
        groups[key].add(value)¦groups.setdefault(key, {})[value] = key¦if key not in groups:
            groups[key] = [value]
        else:
            groups[key].append(value)⟧
    ⟦print(len(groups))¦for key, values in groups.items():
        print(key, values)¦print([len(v) for v in groups.values()])¦print("a" in groups, bool(groups))¦print(groups)¦return groups¦print(groups["a"])¦print(groups.get("zz"))¦print(sorted(groups.items(), key=str))¦print({**groups} == dict(groups))⟧

print(group(pairs()))
# --- what is read later
def work(pairs, ask):
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    ⟦try:
        return groups[ask]
    except KeyError:
        return "none"¦return groups.get(ask, "none")¦return groups[ask] if ask in groups else "none"¦return sorted(groups)¦return groups.pop(ask, "none"), groups.setdefault(ask, 3)¦return [groups[key] for key, _ in pairs]¦print(groups[ask])
    return len(groups)¦return dict(groups)¦return isinstance(groups, dict), type(groups) is dict¦return groups == {"a": [1]}¦return groups | {"z": 1}¦import json; return json.dumps(groups)¦return repr(groups)¦return list(reversed(groups))¦for key in groups: return groups[key]¦return "{a}".format(**groups)⟧

print(work(⟦[]¦[("a", 1)]¦[("a", 1), ("b", 2)]⟧, ⟦"a"¦"zz"⟧))

# --- a list is built only to be consumed
def items():
    ⟦yield from []¦yield from [3, 1, 2]¦yield from [1, 0, "a"]¦yield 2; raise ValueError("source")⟧

def check(x):
    print("check", x)
    return x

data = items()
⟦print(sum([x for x in data]))¦print(max([x for x in data]))¦print(min([x * 2 for x in data], default=0))¦print(tuple([x for x in data]))¦print(set([x for x in data]))¦print(any([check(x) for x in data]))¦print(all([x for x in data]))¦print(all([isinstance(x, int) for x in data]))¦print(sorted([x for x in data]))¦print("-".join([str(x) for x in data]))¦print(sum([x for x in data], 5))¦print(dict([(x, 1) for x in data]))¦print(any([1 / x for x in data]))¦print(sum([[x] for x in data], []))¦print(max([x for x in data], key=str))¦print(len([x for x in data]))¦print(frozenset([  # all
    x for x in data]))¦print(list([x for x in data]))¦print(max(*[x for x in data]))⟧
print(list(data))

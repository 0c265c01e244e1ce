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
# --- what ends an iteration
class Numbers:
    def __iter__(self):
        print("begin")
        yield 1
        print("end")

log = []
⟦print(sum([next(iter(x)) for x in [[1], []]]))¦print(tuple([next(iter(x)) for x in [[1], [], [2]]]))¦print(max([x for x in Numbers()], [log.append(1) for _ in "ab"]))¦print(sum([log.append(x) or x for x in Numbers()]), log)¦print(any([log.append(x) or x for x in [1, 2]]), log)¦print(all([x < 2 for x in Numbers()]))¦print(any([x for x in Numbers()]))¦print("".join([str(x) for x in Numbers()]), log)¦print(set([x for x in Numbers()]))¦print(sum([len(log) for _ in [log.append(1), log.append(2)]]))¦print(dict([(x, log.append(x)) for x in Numbers()]), log)¦print(",".join([repr(x) for x in Numbers() if x]))¦print(min([1 / x for x in [1, 0]]))⟧
# --- in a class body, in a function
class Box:
    sizes = [1, 2]
    ⟦total = sum([s for s in sizes])¦total = sum([s * len([1]) for s in sizes])¦total = sum([1 for _ in [s for s in [1]]])⟧

    def all(self, x):
        ⟦return sum([self.total * x for x in [x, 2]])¦return max([s for s in self.sizes if s != x], default=None)¦return tuple([lambda: s for s in self.sizes])[0]()¦return any([s == x for s in self.sizes])¦return sum([(y := s) for s in self.sizes]) + y⟧

print(Box().all(⟦0¦1¦2⟧))

# --- map and filter with a lambda
def items(log=[]):
    ⟦yield from []¦yield from [3, 1, 2, 0]¦yield from [None, "a", 5]¦yield 1; raise ValueError("source")⟧

x, y = "outer", 10
data = list(items()) ⟦¦if True else None⟧
⟦result = list(map(lambda x: x * 2, data))¦result = list(filter(lambda x: x, data))¦result = set(map(lambda x: str(x), data))¦result = sorted(map(lambda x: str(x), data))¦result = list(map(lambda i: (i, y), data))¦result = tuple(map(lambda x: [x], data))¦result = dict(map(lambda x: (str(x), x), data))¦result = list(filter(lambda x: x and x > 1, data))¦result = list(map(lambda x: x + 1, filter(lambda x: x, data)))¦result = sum(map(lambda x: x, data))¦result = list(map(lambda a, b: (a, b), data, data))¦result = [*map(lambda x: x, data)]¦result = list(map(lambda _: y, data))¦result = list(map(lambda x: lambda: x, data)); result = [f() for f in result]¦result = list(map(lambda x, y=y: (x, y), data))¦result = " ".join(map(lambda x: str(x), data))¦result = list(map(lambda x: (x, y)[0], items()))¦result = any(map(lambda x: x == 1, items()))¦result = list(map(lambda data: data, data))¦for result in map(lambda x: x, data): print(result)
else: result = 0¦result = list(filter(lambda x: (yield_ := x) is not None, data))⟧
print(result, x, y)
# --- in a class and a function
class Box:
    scale = 2
    ⟦sizes = list(map(lambda x: x * 3, [1, 2]))¦sizes = list(map(lambda x: scale, [1]))¦sizes = list(map(lambda x: x, [scale]))⟧

    def all(self, data):
        ⟦return list(map(lambda x: x * self.scale, data))¦return list(filter(lambda d: d in data, data))¦x = 1; return list(map(lambda x: x, data)), x¦return list(map(lambda x: locals(), data))¦return max(map(lambda x: x, data))¦return list(map(lambda x: (data.append(1), x)[1], list(data)))⟧

print(Box.sizes, Box().all(⟦[]¦[1, 2]¦(3,)⟧))
# --- what ends an iteration
class Numbers:
    def __iter__(self):
        print("begin")
        yield 1
        yield 2
        print("end")

log = []
⟦print(list(map(lambda x: next(iter(x)), [[1], [], [2]])))¦print(list(map(lambda x: log.append(x), Numbers())), log)¦print(list(map(lambda x, y: (x, y), Numbers(), [1])))¦print(sum(map(lambda x: next(iter(x)), [[1], []])))¦print(max(map(lambda x: log.append(x) or x, Numbers())), log)¦for n in map(lambda x: x * 2, Numbers()): print(n)¦for n in filter(lambda x: x > 1, Numbers()): print(n); break¦print(list(map(lambda x: x, log.append(1) or log)))¦print(list(filter(lambda x: log.append(x), Numbers())), log)¦print([*filter(lambda pair: pair[0], zip(Numbers(), "ab"))])¦print(set(filter(lambda x: x not in log, Numbers())))¦print(sorted(map(lambda n: -n, Numbers()), key=lambda n: n))¦print(list(map(lambda x: [x for x in [x]], Numbers())))¦print(list(map(lambda *x: x, Numbers())))¦print(dict(map(lambda x: (x, x), Numbers())))¦print(any(filter(lambda x: x, Numbers())))¦found = map(lambda x: x, Numbers()); print(list(found), list(found))⟧

# --- a statement that is only there for its effects
log = []
data = ⟦[]¦[1, 2, 3]¦[1, None, 0]¦"ab"⟧
x = "outer"

def put(item):
    log.append(item)
    return item

def work():
    x = "local"
    ⟦[put(x) for x in data]¦[put(d) for d in data]¦[put(d) for d in data if d]¦{put(d) for d in data}¦{put(d): put(1) for d in data}¦[put((a, b)) for a in data for b in data if a]¦list(put(d) for d in data)¦any(put(d) for d in data)¦all(put(d) for d in data)¦tuple(map(put, data))¦list(map(lambda d: put(d), data))¦any(map(put, data))¦[put(d) for d in data], 1¦_ = [put(d) for d in data]¦[put(d) if d else put(0) for d in data]¦[(put(d), put(2)) for d in data]¦[[put(e) for e in str(d)] for d in data]¦list(map(put, data)); print("same line")¦set(map(put, data, data))¦[put(d)  # each
     for d in data]¦list(print(d) for d in data)⟧
    ⟦print(x)¦print(locals())¦d = 4; print(d)¦def inner(): return d
    d = 5; print(inner())⟧

work()
print(log, x)
# --- of the module
log = []
def put(item):
    log.append(item)
    return item

⟦[put(d) for d in [1, 2]]¦[y := put(d) for d in [1, 2]]¦[put(d) for d in [1, 2]]; print(log)¦[put(lambda: d) for d in [1, 2]]¦[put(d) for d in put([1, 2])]¦[[put(d), put(e)] for d in "ab" for e in d]¦[put(1 / d) for d in [1, 0]]¦[log.remove(d) for d in log]¦[d.append(1) for d in [[], log]]¦[put(d) for d in [1, 2] if put(d) > 1]⟧
⟦print(log if not callable(log[0]) else [f() for f in log])¦d = 5; print(d, log[:1])¦def f(): return d
try: print(f())
except NameError as error: print(error)⟧

# --- all lines of a file
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "a.txt")
with open(path, "w", newline="") as out:
    out.write(⟦""¦"one\ntwo\n"¦"one\n\ntwo"¦"one\r\ntwo\r"¦"a\x0bb\u2028c\n"⟧)

def work(path):
    with open(path) as f:
        ⟦for line in f.readlines():
            print(repr(line))¦for line in f.read().splitlines():
            print(repr(line))¦for line in f.read().split("\n"):
            print(repr(line))¦for i, line in enumerate(f.readlines()):
            print(i, repr(line), f.closed)¦lines = [line.strip() for line in f.readlines()]
        print(lines)¦for line in f.readlines():
            print(line, f.read())¦for line in f.readlines():
            print(f.tell())¦for line in f.readlines()[1:]:
            print(line)¦for line in f.readlines():
            if line.startswith("two"):
                break
        print(repr(f.read()))¦for line in reversed(f.readlines()):
            print(line)¦print(sum(len(line) for line in f.readlines()))¦for line in f.readlines():
            with open(path, "a") as more:
                more.write(line)
        print(open(path).read())¦for line in f.readlines():
            next(f, None)
            print(line)¦for line in f.readlines():
            f.close()
            print(line)¦size = len(f.readlines())
        print(size)¦for line in f.readlines():
            for other in f:
                print("other", other)
            print(line)⟧

work(path)

# --- a file is read or written
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "a.txt")
with open(path, "w") as out:
    out.write(⟦""¦"one\ntwo\n"¦"one\n\ntwo"⟧)

def work(path):
    ⟦f = open(path)
    text = f.read()
    f.close()
    return text¦f = open(path)
    lines = [line for line in f]
    f.close()
    print(len(lines))
    return lines¦return open(path).read()¦text = open(path).read()
    return text.upper()¦for line in open(path):
        if line == "two\n":
            break
    else:
        print("else")
    return line¦for number, line in enumerate(open(path)):
        print(number, repr(line))¦lines = [line.upper() for line in open(path)]
    return lines¦size = sum(len(line) for line in open(path))
    return size¦for line in open(path): print(line); path = None¦for line in open(path):
        # each
        yield_ = line
    return 1¦for line in open(path, encoding="utf-8", newline=""):
        for f in line:
            print(f)¦for line in open(path):
        if "two" in line:
            raise ValueError(line)¦with_it = open(path)
    return [line for line in with_it]¦for a, b in zip(open(path), open(path)):
        print(a, b)¦for line in open(path):
        print(line)¦f = open(path, "a")
    f.write("more")
    f.close()
    return open(path).read()¦f = open(path)
    try:
        return f.read()
    finally:
        f.close()¦f = open(path)
    if f.readline():
        f.close()
        return 1
    f.close()
    return f.closed¦f = open(path)
    return f¦f = open(path)
    data = f.read()
    return data, f.closed¦open(path, "w").write("new")
    return open(path).read()¦lines = open(path).readlines()
    f = 3
    return lines, f¦f = open(path); text = f.read(); f.close(); return text⟧

result = work(⟦path¦path + ".missing"⟧)
print(result if isinstance(result, (str, list, tuple, bool, int, type(None))) else result.read())

# The work runs in other processes: a lambda cannot go there.
from concurrent.futures import ThreadPoolExecutor

def crunch(n):
    total = 0
    for i in range(n):
        for j in range(10):
            total += i * j % 7
    return total

def work():
    with ThreadPoolExecutor() as pool:
        return type(pool).__name__, list(pool.map(crunch, [1, 2]))

if __name__ == "__main__":
    print(work())

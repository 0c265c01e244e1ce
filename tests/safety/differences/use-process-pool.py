# The work runs in other processes.
from concurrent.futures import ThreadPoolExecutor

def crunch(n):
    total = 0
    for i in range(n):
        total += i * i
    return total

pool = ThreadPoolExecutor(1)
result = list(pool.map(crunch, [10, 20]))
print(result, __name__)

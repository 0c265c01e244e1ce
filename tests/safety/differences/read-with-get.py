# The key is not stored.
from collections import defaultdict

def count(words):
    seen = defaultdict(int)
    for word in words:
        seen[word] += 1
    if seen["none"]:
        print("there is none")
    return len(seen)

print(count(["a"]))

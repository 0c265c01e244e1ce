# The calls share nothing any more.
def add(item, seen=[]):
    seen.append(item)
    return seen

add(1)
print(add(2))

# The values are no longer one.
def groups(keys):
    found = dict.fromkeys(keys, [])
    for key in keys:
        found[key].append(key)
    return found

print(groups("ab"))

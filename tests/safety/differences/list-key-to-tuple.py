# The key is another value.
found = {}
found[["a", "b"]] = 1
print(found)

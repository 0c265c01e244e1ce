# An item that cannot be hashed is an error.
def known(rows, candidates):
    ids = list(rows)
    return [c for c in candidates if c in ids]

print(known([[1], [2]], [[1], [3]]))

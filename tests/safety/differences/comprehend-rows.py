# The rows are no longer one.
def grid(size):
    rows = [[]] * size
    rows[0].append(1)
    return rows

print(grid(2))

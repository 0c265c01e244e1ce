# The batches are tuples.
def batches(items):
    for i in range(0, len(items), 2):
        yield items[i:i + 2]

print(list(batches([1, 2, 3])))

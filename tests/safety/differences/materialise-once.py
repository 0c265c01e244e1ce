# The second loop has something to go through.
def work(numbers):
    squares = (n * n for n in numbers)
    total = sum(squares)
    largest = max(squares, default=None)
    return total, largest

print(work([1, 2]))

# The work is done when the result is gone through.
def squares(numbers):
    result = []
    for number in numbers:
        print("squares", number)
        result.append(number * number)
    return result

squares([1, 2])

# The variable is bound no more.
def parse(text):
    try:
        return int(text)
    except ValueError as e:
        print("e" in locals())
        raise e

try:
    parse("x")
except ValueError as error:
    print(error)

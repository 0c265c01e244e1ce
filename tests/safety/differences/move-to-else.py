# An error of the follow-up work gets through.
import json

def work(text):
    try:
        data = json.loads(text)
        size = data["size"]
        print("one")
        print("two")
        return check(size)
    except ValueError:
        return "bad"

def check(size):
    raise ValueError(size)

print(work('{"size": 3}'))

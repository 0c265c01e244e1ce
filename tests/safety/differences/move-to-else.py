# An error of the follow-up work gets through.
import json

def work(text):
    try:
        data = json.loads(text)
        size = data["size"]
        print("one")
        print("two")
        return size.strip()
    except ValueError:
        return "bad"

print(work('{"size": 3}'))

# Another error gets through.
import json

def load(text):
    try:
        return json.loads(text)
    except Exception:
        return None

print(load(3))

# A missing variable is an error at once.
import os

def key():
    return os.getenv("NO_SUCH_VARIABLE").strip()

key()

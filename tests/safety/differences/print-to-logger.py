# Nothing is printed.
import logging

logger = logging.getLogger(__name__)

def load(path):
    print("loading", path)
    return path

load("a")

# Something is logged.
import logging
import sys

logging.basicConfig(stream=sys.stdout, format="%(levelname)s", force=True)
logger = logging.getLogger(__name__)

def load(path):
    try:
        return open(path)
    except Exception:
        pass

print(load("/no/such/file"))

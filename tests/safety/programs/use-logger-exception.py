# --- an error is logged
import logging, sys

class Lines(logging.Handler):
    def emit(self, record):
        print(record.levelname, record.getMessage(), record.name)

logging.getLogger().addHandler(Lines())
⟦logger = logging.getLogger("app")¦log = logging.getLogger("app")⟧

def parse(text):
    try:
        return int(text)
    except ⟦ValueError¦ValueError as e¦Exception as e⟧:
        ⟦logger.error("bad")¦log.error("bad")¦logger.error("bad %s", text)¦logger.error(f"bad {text}")¦logger.error("bad %s", text, extra={"a": 1})¦logging.error("bad %r", text)¦logger.error(e)¦logger.error("bad: %s", e)¦logger.error("bad", exc_info=False)¦logger.error("bad", exc_info=True)¦logger.error("%s %s", "one")⟧
        ⟦return None¦raise⟧

logging.raiseExceptions = False
for given in ["1", "x"]:
    try:
        print(parse(given))
    except Exception as error:
        print(type(error).__name__)

# --- a duration is measured
⟦import time¦from time import time¦import time as clock⟧

class Timer:
    def __init__(self):
        self._start = ⟦time.time()¦time()¦clock.time()⟧

    def stop(self):
        return ⟦time.time()¦time()¦clock.time()⟧ - self._start

def work(job):
    start = ⟦time.time()¦time()¦clock.time()⟧
    job()
    ⟦took = time.time() - start¦took = time() - start¦took = clock.time() - start¦end = time.time(); took = end - start⟧
    ⟦print(0 <= took < 5)¦print(start > 1_000_000_000)¦print(0 <= took < 5, {"at": start}["at"] > 1_000_000_000)⟧

work(lambda: None)
print(0 <= Timer().stop() < 5)

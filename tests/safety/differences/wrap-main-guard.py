# An import of the module does nothing any more.
import multiprocessing

def work():
    print("works")

class Process:
    def __init__(self, target):
        self.target = target

    def start(self):
        self.target()

__name__ = "imported"
multiprocessing.Process = Process
multiprocessing.Process(target=work).start()

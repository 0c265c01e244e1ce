# What is added must be a string.
class Text(str):
    def __add__(self, other):
        return str(self) + str(other)

    __iadd__ = __add__

def join(parts):
    text = ""
    for part in parts:
        text += part
    return text

class Part:
    def __radd__(self, other):
        return other + "part"

print(join([Part(), Part()]))

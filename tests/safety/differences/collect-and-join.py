# What is added must be a string.
class Part:
    def __radd__(self, other):
        return other + "part"

def context(docs):
    out = "Context:\n"
    for d in docs:
        out = out + d + "\n"
    return out

print(context([Part()]))

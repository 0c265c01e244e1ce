# It can be called on an object.
class Tool:
    def name():
        return "tool"

print(Tool().name())

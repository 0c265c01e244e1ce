# It can be called on an object, and no more on the class.
class Tool:
    def name():
        return "tool"

print(Tool().name())

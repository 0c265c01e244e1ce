# It gets the class.
class Tool:
    def make(cls):
        return cls.__name__

print(Tool.make())

# --- the class has another name
class Note:
    made = 0

    ⟦@classmethod
    def make(self, text)¦@classmethod
    def make(klass, text)¦@classmethod
    def make(this, text="t", /)¦@classmethod
    def make(self, text, *rest)⟧:
        ⟦self.made += 1
        return self, text¦klass.made += 1
        return [klass for _ in text]¦this.made += 1
        return (lambda: this)(), text¦def inner():
            return self
        return inner(), self.made¦self = 4
        return self¦return locals()¦cls = 3
        return cls, text¦return f"{self.made}", self.__name__¦return {"self": self}["self"]¦return [self for self in text]⟧

class Child(Note):
    pass

for made in (Note, Child, Note()):
    try:
        print(made.make(⟦"ab"¦""⟧))
    except Exception as error:
        print(type(error).__name__, error)
print(Note.made, Child.made)

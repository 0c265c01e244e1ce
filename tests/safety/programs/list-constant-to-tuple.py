# --- a list of constants
⟦_ROLES = ["user", "tool"]¦_ROLES = ["user", "user"]¦_ROLES = [1, 2.0, True]¦_ROLES = ["a", None]¦_ROLES: list = ["user", "tool"]¦_ROLES = [
    "user",  # a person
    "tool",
]¦_ROLES = ["user", "tool"]; SIZE = 2⟧

def work(role):
    ⟦return role in _ROLES¦return [r for r in _ROLES]¦return len(_ROLES)¦return _ROLES[0], _ROLES[-1]¦return _ROLES == ["user", "tool"]¦return _ROLES + ["x"]¦return str(_ROLES)¦_ROLES.append(role); return len(_ROLES)¦return isinstance(_ROLES, list)¦return sorted(_ROLES, key=str)¦return _ROLES.index(role)¦return "%s" % _ROLES¦return _ROLES¦return list(_ROLES)¦return _ROLES[:1]¦return _ROLES * 2¦return {r: 1 for r in _ROLES}¦return max(_ROLES, key=str)¦return ", ".join(map(str, _ROLES))¦a, b = _ROLES; return b, a¦return [*_ROLES]¦return f"{_ROLES}"¦return _ROLES.count(role), role not in _ROLES⟧

print(work(⟦"user"¦"other"¦1⟧))
# --- the list has other names
⟦_WORDS = ["a", "b"]¦_WORDS = ["a", *"bc"]¦_WORDS = _MORE = ["a", "b"]⟧

class Box:
    _words = ["x", "y"]
    words = ⟦_WORDS¦[*_WORDS]⟧

    def look(self, word, known=_WORDS):
        ⟦return word in self._words, word in known¦known.append(word); return _WORDS¦self._words.append(word); return self._words¦words = _WORDS; words += [word]; return _WORDS¦for w in _WORDS: yield w, word¦return _WORDS < ["b"]¦return [w for w in reversed(_WORDS)], self.words¦return word in _WORDS or _WORDS is self.words¦del _WORDS[0]; return _WORDS¦_WORDS[0] = word; return _WORDS¦return {**dict(enumerate(_WORDS))}¦return "".join(_WORDS), word.startswith(tuple(_WORDS))¦return word.startswith(_WORDS)¦return (*_WORDS, word), zip(_WORDS, self._words)⟧

try:
    found = Box().look(⟦"a"¦"z"⟧)
    print(found if isinstance(found, (tuple, list, bool, dict)) else list(found))
except Exception as error:
    print(type(error).__name__, error)

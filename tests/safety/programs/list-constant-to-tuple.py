# --- a list of constants
⟦_ROLES = ["user", "tool"]¦_ROLES = ["user", "user"]¦_ROLES = [1, 2.0, True]¦_ROLES = ["a", None]¦_ROLES: list = ["user", "tool"]¦_ROLES = [
    "user",  # a person
    "tool",
]¦_ROLES = ["user", "tool"]; SIZE = 2⟧

def work(role):
    ⟦return role in _ROLES¦return [r for r in _ROLES]¦return len(_ROLES)¦return _ROLES[0], _ROLES[-1]¦return _ROLES == ["user", "tool"]¦return _ROLES + ["x"]¦return str(_ROLES)¦_ROLES.append(role); return len(_ROLES)¦return isinstance(_ROLES, list)¦return sorted(_ROLES, key=str)¦return _ROLES.index(role)¦return "%s" % _ROLES¦return _ROLES¦return list(_ROLES)¦return _ROLES[:1]¦return _ROLES * 2¦return {r: 1 for r in _ROLES}¦return max(_ROLES, key=str)¦return ", ".join(map(str, _ROLES))¦a, b = _ROLES; return b, a¦return [*_ROLES]¦return f"{_ROLES}"¦return _ROLES.count(role), role not in _ROLES⟧

print(work(⟦"user"¦"other"¦1⟧))

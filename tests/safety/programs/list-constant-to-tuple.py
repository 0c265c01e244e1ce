# --- a list of constants
⟦ROLES = ["user", "tool"]¦ROLES = ["user", "user"]¦ROLES = [1, 2.0, True]¦ROLES = ["a", None]¦ROLES: list = ["user", "tool"]¦ROLES = [
    "user",  # a person
    "tool",
]¦ROLES = ["user", "tool"]; SIZE = 2⟧

def work(role):
    ⟦return role in ROLES¦return [r for r in ROLES]¦return len(ROLES)¦return ROLES[0], ROLES[-1]¦return ROLES == ["user", "tool"]¦return ROLES + ["x"]¦return str(ROLES)¦ROLES.append(role); return len(ROLES)¦return isinstance(ROLES, list)¦return sorted(ROLES, key=str)¦return ROLES.index(role)¦return "%s" % ROLES¦return ROLES¦return list(ROLES)¦return ROLES[:1]¦return ROLES * 2¦return {r: 1 for r in ROLES}¦return max(ROLES, key=str)¦return ", ".join(map(str, ROLES))¦a, b = ROLES; return b, a¦return [*ROLES]¦return f"{ROLES}"¦return ROLES.count(role), role not in ROLES⟧

print(work(⟦"user"¦"other"¦1⟧))

# What is inside is copied as well.
def work(settings):
    draft = settings.copy()
    draft["tags"].append("x")
    return draft

given = {"tags": []}
work(given)
print(given)

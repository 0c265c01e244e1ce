# The tests have other names.
def test_upper_one():
    assert "a".upper() == "A"
    assert "a".lower() == "a"


def test_upper_two():
    assert "b".upper() == "B"
    assert "b".lower() == "b"


print(sorted(name for name in globals() if name.startswith("test_")))

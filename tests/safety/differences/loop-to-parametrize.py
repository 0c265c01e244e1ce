# Each case is a test of its own.
def test_upper():
    for text in ["a", "b", "c"]:
        assert text.upper() != text


print(test_upper())

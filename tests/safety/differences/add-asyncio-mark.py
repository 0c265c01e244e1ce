# The plugin runs the test.
async def test_answer():
    assert await answer() == 1

async def answer():
    return 1

print(hasattr(test_answer, "pytestmark"))

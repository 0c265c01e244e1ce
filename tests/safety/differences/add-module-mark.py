# The plugin runs the tests.
async def test_one():
    assert await answer() == 1

async def test_two():
    assert await answer() == 1

async def answer():
    return 1

print("pytestmark" in globals())

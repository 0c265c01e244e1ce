# The other plugin has to be there.
import pytest

@pytest.fixture
async def answer():
    return await ask()

print("made")

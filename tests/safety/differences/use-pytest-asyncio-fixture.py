# The plugin has to be there.
import sys, types
sys.modules["pytest"] = types.SimpleNamespace(fixture=lambda function: function)
import pytest

@pytest.fixture
async def answer():
    return await ask()

print("made")

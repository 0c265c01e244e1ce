# The plugin runs the test.
import asyncio, sys, types

class Mark:
    def asyncio(test):
        print("marked")
        return test

sys.modules["pytest"] = types.SimpleNamespace(mark=Mark)
import pytest

async def test_answer():
    assert await asyncio.sleep(0, 1) == 1

# The plugin runs the tests.
import asyncio, sys, types
sys.modules["pytest"] = types.SimpleNamespace(mark=types.SimpleNamespace(asyncio="asyncio"))
import pytest

async def test_answer():
    assert await asyncio.sleep(0, 1) == 1

async def test_other():
    assert await asyncio.sleep(0, 2) == 2

async def test_third():
    assert await asyncio.sleep(0, 3) == 3

print("pytestmark" in globals())

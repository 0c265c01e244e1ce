# --- nothing is awaited
import sys, types
fixture = lambda *a, **k: (a[0] if a and callable(a[0]) else lambda f: f)
sys.modules["pytest"] = types.SimpleNamespace(fixture=fixture)
⟦import pytest¦import pytest, asyncio⟧

⟦@pytest.fixture¦@pytest.fixture()¦@pytest.fixture(scope="module")⟧
async def answer():
    ⟦return 42¦x = 1
    return [x for _ in range(2)]¦yield 3¦"""An answer."""
    return 42¦raise ValueError("no answer")¦return await other()⟧

print("collected")

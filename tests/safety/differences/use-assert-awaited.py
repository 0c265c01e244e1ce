# A call that was not awaited does not count.
from unittest.mock import AsyncMock

def test_it():
    client = AsyncMock()
    client().close()
    client.assert_called_once()

test_it()

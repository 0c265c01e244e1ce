# errors end
# --- what a mock returns is awaited
import asyncio
⟦from unittest.mock import Mock¦from unittest.mock import MagicMock¦from unittest import mock¦import unittest.mock⟧

async def test():
    client = ⟦Mock()¦MagicMock()¦mock.Mock()¦unittest.mock.MagicMock()¦Mock(return_value=3)¦MagicMock(side_effect=ValueError("x"))⟧
    ⟦print(await client())¦print(await client(1, a=2))¦client.return_value = 5
    print(await client())¦client.ask = 3
    print(await client())¦print(client.call_count)
    await client()
    print(client.call_count)⟧

asyncio.run(test())

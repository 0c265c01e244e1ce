# The answer has to be awaited wherever it is used, and this client has no such method.
import asyncio, sys, types
openai = types.ModuleType("openai")

class OpenAI:
    class responses:
        def create(model): return "sync"

class AsyncOpenAI:
    class responses:
        async def create(model): return "async"

openai.OpenAI, openai.AsyncOpenAI = OpenAI, AsyncOpenAI
sys.modules["openai"] = openai
from openai import OpenAI

async def ask():
    client = OpenAI()
    return client.responses.create(model="m")

print(asyncio.run(ask()))

# The answer has to be awaited wherever it is used, and this client has no such method.
import asyncio, sys, types
openai = types.ModuleType("openai")

async def later(model):
    return "async"

def client_of(create):
    return lambda: types.SimpleNamespace(responses=types.SimpleNamespace(create=create))

openai.OpenAI, openai.AsyncOpenAI = client_of(lambda model: "sync"), client_of(later)
sys.modules["openai"] = openai
from openai import OpenAI

client = OpenAI()

async def ask():
    answer = client.responses.create(model="m")
    return answer

print(asyncio.run(ask()))

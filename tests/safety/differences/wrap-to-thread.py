# The call runs in another thread.
import asyncio
import subprocess
import threading

def where(*arguments):
    print(threading.current_thread() is threading.main_thread())

subprocess.run = where

async def main():
    subprocess.run(["true"])

asyncio.run(main())

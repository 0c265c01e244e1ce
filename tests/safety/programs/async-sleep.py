# errors end
# --- in one coroutine
import asyncio
⟦import time¦import time as clock¦from time import sleep¦from time import sleep as pause⟧

async def ask(log, delay):
    log.append("before")
    ⟦time.sleep(delay)¦clock.sleep(delay)¦sleep(delay)¦pause(delay)¦time.sleep(delay + 0)¦time.sleep(max(delay, 0))⟧
    log.append("after")
    return delay

async def main():
    log = []
    try:
        print(await ask(log, ⟦0¦0.0¦1e-4¦True¦-1¦"soon"¦None⟧))
    finally:
        print(log)

asyncio.run(main())
# --- in a block
import asyncio, time

async def main(n):
    for i in range(n):
        ⟦if i: time.sleep(0)¦time.sleep(0); print("slept")¦try: time.sleep(0)¦with open("/dev/null"): time.sleep(0)¦while True: time.sleep(0); break⟧
        ⟦¦finally: print("done")⟧
        print(i)

asyncio.run(main(⟦0¦1¦3⟧))
# --- others run meanwhile
import asyncio, threading, time
lock = threading.Lock()

async def add(log, name):
    ⟦with lock:
        log.append(name)
        time.sleep(0)¦log.append(name)
    time.sleep(0)¦for _ in range(2):
        time.sleep(0)
    log.append(name)⟧
    return name

async def main():
    log = []
    print(await add(log, "a"), await add(log, "b"), log)

asyncio.run(main())

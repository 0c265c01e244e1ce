"""A person at a terminal of 80 columns: runs the program with a list of steps, `["see", TEXT]` and `["press", KEYS]`, and
fails with what is on the screen if a text does not come. Prints everything that was written."""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

program, steps = sys.argv[1:-1], json.loads(sys.argv[-1])
PATIENCE = 30
main, other = pty.openpty()
fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
before = termios.tcgetattr(other)


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen(program, stdin=other, stdout=other, stderr=other, preexec_fn=own_terminal)
written = ""
seen = 0


def read(wait):
    global written
    if select.select([main], [], [], wait)[0]:
        text = os.read(main, 65536).decode("utf-8", "replace")
        written += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
        return True
    return False


for what, text in steps:
    if what == "press":
        # Until it waits for a key, the terminal itself would answer to Ctrl-C.
        end = time.monotonic() + PATIENCE
        while termios.tcgetattr(other)[3] & termios.ICANON and time.monotonic() < end:
            read(0.01)
        os.write(main, text.encode())
        continue
    end = time.monotonic() + PATIENCE
    # Lines are cut where the terminal ends: white space of any kind stands for a space.
    wanted = re.compile(r"\s+".join(map(re.escape, text.split())))
    while not (match := wanted.search(written, seen)):
        if time.monotonic() > end:
            child.kill()
            sys.exit(f"{text!r} does not come; there is:\n{written[seen:]}")
        read(0.1)
    seen = match.end()
end = time.monotonic() + PATIENCE
while child.poll() is None and time.monotonic() < end:
    read(0.05)
while read(0):
    pass
if child.poll() is None:
    child.kill()
    sys.exit(f"it does not end; there is:\n{written[seen:]}")
if child.returncode != 0:
    sys.exit(f"it ended with {child.returncode}; there is:\n{written[seen:]}")
if termios.tcgetattr(other) != before:
    sys.exit("the terminal is not as it was before")
print(written)

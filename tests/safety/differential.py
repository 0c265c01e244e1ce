"""Runs programs before and after a fix and compares what they do.

    differential.py HOTSEAT safe      what safe fixes change about the programs of `programs`
    differential.py HOTSEAT review    whether review fixes change anything about the programs of `differences`

A file of `programs` is named after its fix. It holds several programs, each below a line `# --- name`, with alternatives:
`⟦one¦two⟧`. The line `# errors end` above the first one says that the fix is for code that certainly fails: a program
that ends in an error, or never awaits a coroutine, may do anything afterwards. `# ignores causes` says that the cause of an error may be another one.
"""

import asyncio
import contextlib
import gc
import io
import itertools
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

FOLDER = pathlib.Path(__file__).parent
CHOICE = re.compile(r"⟦(.*?)⟧", re.DOTALL)
# Of the combinations of one program so many are tried, and of those so many of a fix must be fixed.
MOST, FEWEST = 90, 8


def combinations(template, chance):
    """The programs that a template stands for, or some of them."""
    parts = CHOICE.split(template)
    choices = [part.split("¦") for part in parts[1::2]]
    number = 1
    for choice in choices:
        number *= len(choice)
    if number <= MOST:
        picked = itertools.product(*choices)
    else:
        picked = ([chance.choice(choice) for choice in choices] for _ in range(2 * MOST))
    for words in picked:
        yield "".join(text + word for text, word in itertools.zip_longest(parts[::2], words, fillvalue=""))


def programs(fix):
    """All programs of a fix that Python accepts, each once."""
    text = (FOLDER / "programs" / f"{fix}.py").read_text(encoding="utf-8")
    chance = random.Random(fix)
    seen = {}
    for template in re.split(r"(?m)^# --- .*\n", text)[1:]:
        for program in combinations(template, chance):
            with contextlib.suppress(SyntaxError):
                compile(program, fix, "exec", dont_inherit=True)
                seen[program] = None
    return list(seen), text


class Stop(BaseException):
    """A program went on for too long."""


def described(error, causes, depth=3):
    """What can be seen of an exception, without where it came from."""
    if error is None or depth == 0:
        return None
    parts = [type(error).__name__, repr(error.args), described(error.__context__, causes, depth - 1)]
    if causes:
        parts += [described(error.__cause__, causes, depth - 1), error.__suppress_context__]
    return parts


def run(program, causes=True):
    """What a program prints, and the error that ends it."""
    out = io.StringIO()
    modules, error = set(sys.modules), None
    steps = itertools.count()

    def limited(*_):
        if next(steps) > 200_000:
            raise Stop
        return limited

    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        sys.settrace(limited)
        try:
            exec(compile(program, "program", "exec", dont_inherit=True), {"__name__": "__main__"})
        except BaseException as raised:
            error = raised
        finally:
            sys.settrace(None)
        # What was never awaited says so when it goes.
        gc.collect()
    import logging

    logging.getLogger().handlers.clear()
    for name in set(sys.modules) - modules:
        if not hasattr(sys.modules[name], "__spec__") or sys.modules[name].__spec__ is None:
            del sys.modules[name]
    with contextlib.suppress(Exception):
        asyncio.set_event_loop(None)

    def plain(text):
        return re.sub(r"0x[0-9a-f]+|id='\d+'|/tmp\S*?(?=[/'\"])", "@", text)

    forgotten = any("never awaited" in str(warning.message) for warning in warned)
    return plain(out.getvalue()), json.loads(plain(json.dumps(described(error, causes)))), forgotten


class Hotseat:
    """The program under test."""

    def __init__(self, path):
        self.path = path

    def __call__(self, *arguments):
        ran = subprocess.run([self.path, *arguments], capture_output=True, text=True, encoding="utf-8")
        if ran.returncode == 2:
            sys.exit(ran.stderr)
        return ran.stdout

    def fixes(self):
        """The safety of every fix."""
        listed = json.loads(self("explain", "--format", "json"))
        patterns = [pattern for question in listed for pattern in question["patterns"]]
        return {fix["id"]: fix["safety"] for pattern in patterns for fix in pattern["fixes"]}

    def offered(self, folder):
        """For each file the fixes that are offered in it, with how safe they are there."""
        found = {}
        for item in json.loads(self("check", "--exit-zero", "--format", "json", "--target-version", "3.11", folder)):
            for fix in item["fixes"]:
                found.setdefault(pathlib.Path(item["path"]), []).append((fix["id"], fix["safety"]))
        return found


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def name_of(program, number=0):
    """The name of a file that holds a program: that of a test only for tests."""
    kind = "test_" if re.search(r"\bdef test_|\bpytest\b", program) else "program_"
    return f"{kind}{number:03}.py"


def safe(hotseat, folder, only):
    """Each problem, in one text."""
    fixes = [fix for fix, safety in hotseat.fixes().items() if safety == "safe" and only in ("", fix)]
    files = {}
    for fix in fixes:
        if not (FOLDER / "programs" / f"{fix}.py").exists():
            yield f"{fix}: there are no programs that show that it is safe"
            continue
        texts, head = programs(fix)
        for number, program in enumerate(texts):
            path = write(folder, f"{fix}/{name_of(program, number)}", program)
            files[path] = (fix, program, head)
    offered = hotseat.offered(folder)
    for path, (fix, _, _) in files.items():
        if {safety for id, safety in offered.get(path, []) if id == fix} != {"safe"}:
            path.unlink()
    for fix in fixes:
        if (folder / fix).exists():
            hotseat("check", "--exit-zero", "--fix-only", fix, "--target-version", "3.11", folder / fix)
    fixed = {}
    for path, (fix, before, head) in files.items():
        if not path.exists():
            continue
        after = path.read_text(encoding="utf-8")
        fixed[fix] = fixed.get(fix, 0) + (after != before)
        causes = "# ignores causes\n" not in head
        was = run(before, causes)
        if not is_python(after):
            yield f"{fix} makes this of a program:\n{after}"
            continue
        if (was[1] is not None or was[2]) and "# errors end\n" in head:
            continue
        now = run(after, causes)
        if was[:2] != now[:2]:
            yield f"{fix} changes what this does:\n{before}\n--- to\n{after}\n--- before: {was}\n--- after: {now}\n"
    for fix in fixes:
        if (FOLDER / "programs" / f"{fix}.py").exists() and fixed.get(fix, 0) < FEWEST:
            yield f"{fix}: it is safe in {fixed.get(fix, 0)} programs only; that shows too little"
    print(", ".join(f"{fix} {number}" for fix, number in sorted(fixed.items())))


def is_python(text):
    try:
        compile(text, "program", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def review(hotseat, folder, only):
    """Each problem, in one text."""
    fixes = [fix for fix, safety in hotseat.fixes().items() if safety == "review" and only in ("", fix)]
    for fix in fixes:
        source = FOLDER / "differences" / f"{fix}.py"
        if not source.exists():
            yield f"{fix}: there is no program that shows what has to be reviewed"
            continue
        before = source.read_text(encoding="utf-8")
        path = write(folder, f"{fix}/src/app/{name_of(before)}", before)
        hotseat("check", "--exit-zero", "--fix-only", fix, "--target-version", "3.12", folder / fix)
        after = path.read_text(encoding="utf-8")
        if after == before:
            yield f"{fix}: it is not offered in {source.name}"
        elif "# python 3.12\n" in before and sys.version_info < (3, 12):
            continue
        elif not is_python(after):
            yield f"{fix}: no Python any more:\n{after}"
        else:
            # They replace what others need, so each gets a process of its own.
            done = [subprocess.run([sys.executable, __file__, "-", "run"], input=text, capture_output=True, text=True) for text in (before, after)]
            if done[0].stdout == done[1].stdout:
                yield f"{fix} changes nothing about what {source.name} does: {done[0].stdout}{done[0].stderr}\n{after}"


def main():
    if sys.argv[2] == "run":
        out = sys.stdout
        return out.write(json.dumps(run(sys.stdin.read())))
    hotseat, what = Hotseat(sys.argv[1]), {"safe": safe, "review": review}[sys.argv[2]]
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        problems = list(what(hotseat, folder, *sys.argv[3:] or [""]))
    finally:
        shutil.rmtree(folder)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

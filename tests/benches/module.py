"""A small service that answers questions about documents: varied Python for measuring, not for running."""

import asyncio
import contextlib
import functools
import hashlib
import json
import logging
import re
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Iterator, NamedTuple, Protocol, TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")

WORD = re.compile(r"[\w']+")
LIMITS = {"small": 4_096, "large": 128_000}
DEFAULT_MODEL = "small"


class Embedder(Protocol):
    """Turns texts into vectors."""

    def embed(self, texts: list[str]) -> list[list[float]]: ...


class Usage(NamedTuple):
    prompt: int
    completion: int

    @property
    def total(self) -> int:
        return self.prompt + self.completion


@dataclass
class Chunk:
    """A part of a document."""

    document: str
    text: str
    position: int = 0
    tags: list[str] = field(default_factory=list)

    def key(self) -> str:
        digest = hashlib.sha256(self.text.encode("utf-8"))
        return f"{self.document}:{self.position}:{digest.hexdigest()[:12]}"


@dataclass(frozen=True)
class Settings:
    model: str = DEFAULT_MODEL
    temperature: float = 0.2
    timeout: float = 30.0
    retries: int = 3

    @classmethod
    def read(cls, path: Path) -> "Settings":
        with path.open(encoding="utf-8") as source:
            values = json.load(source)
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(**known)


class ServiceError(Exception):
    """Something that the caller can do something about."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Store(ABC, Generic[T]):
    """Where things are kept."""

    @abstractmethod
    def get(self, key: str) -> T | None:
        raise NotImplementedError

    @abstractmethod
    def put(self, key: str, value: T) -> None:
        raise NotImplementedError

    def get_or_put(self, key: str, make) -> T:
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found


class MemoryStore(Store[T]):
    def __init__(self, capacity: int = 1_000) -> None:
        self.capacity = capacity
        self.items: dict[str, T] = {}
        self.hits = self.misses = 0

    def get(self, key: str) -> T | None:
        try:
            value = self.items[key]
        except KeyError:
            self.misses += 1
            return None
        else:
            self.hits += 1
            return value

    def put(self, key: str, value: T) -> None:
        while len(self.items) >= self.capacity:
            oldest = next(iter(self.items))
            del self.items[oldest]
        self.items[key] = value

    def __len__(self) -> int:
        return len(self.items)


class FileStore(Store[str]):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> str | None:
        path = self.folder / key
        if not path.exists():
            return None
        source = open(path, encoding="utf-8")
        text = source.read()
        source.close()
        return text

    def put(self, key: str, value: str) -> None:
        (self.folder / key).write_text(value, encoding="utf-8")


def timed(function):
    """Logs how long a call takes."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            logger.debug("%s took %.3f s", function.__name__, time.perf_counter() - start)

    return wrapper


def words(text: str) -> Iterator[str]:
    for found in WORD.finditer(text.lower()):
        word = found.group()
        if len(word) > 2 and not word.isdigit():
            yield word


@functools.lru_cache(maxsize=256)
def weight(word: str, total: int) -> float:
    return 1.0 / (1 + total) if word else 0.0


def split(document: str, text: str, size: int = 800, overlap: int = 80) -> list[Chunk]:
    chunks = []
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        chunks.append(Chunk(document, text[start:end], position=len(chunks)))
        if end == len(text):
            break
        start = end - overlap
    return chunks


def grouped(chunks: list[Chunk]) -> dict[str, list[Chunk]]:
    groups: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if chunk.document not in groups:
            groups[chunk.document] = []
        groups[chunk.document].append(chunk)
    return groups


def gathered(paths, items=[]):
    for path in paths:
        if path.suffix == ".txt":
            items.append(path)
    return items


def frequencies(chunks: list[Chunk]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for chunk in chunks:
        counts.update(words(chunk.text))
    return counts


def ranked(chunks: list[Chunk], query: str, limit: int = 5) -> list[tuple[float, Chunk]]:
    wanted = set(words(query))
    counts = frequencies(chunks)
    scored = []
    for chunk in chunks:
        score = sum(weight(word, counts[word]) for word in words(chunk.text) if word in wanted)
        if score > 0:
            scored.append((score, chunk))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    return scored[:limit]


def batches(values: list[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


@timed
def embedded(embedder: Embedder, chunks: list[Chunk], workers: int = 4) -> dict[str, list[float]]:
    vectors: dict[str, list[float]] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        parts = list(batches(chunks, 64))
        results = pool.map(lambda part: embedder.embed([c.text for c in part]), parts)
        for part, result in zip(parts, results, strict=True):
            vectors.update((chunk.key(), vector) for chunk, vector in zip(part, result))
    return vectors


class Client:
    """Talks to the model."""

    def __init__(self, settings: Settings, transport: Any, store: Store[str] | None = None) -> None:
        self.settings = settings
        self.transport = transport
        self.store = store or MemoryStore()
        self.usage: defaultdict[str, list[Usage]] = defaultdict(list)
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> "Client":
        await self.transport.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.transport.close()

    async def ask(self, prompt: str, *, context: str = "") -> str:
        key = hashlib.sha256(f"{context}\n{prompt}".encode()).hexdigest()
        if (known := self.store.get(key)) is not None:
            return known
        answer = await self._with_retries(prompt, context)
        async with self._lock:
            self.store.put(key, answer)
        return answer

    async def _with_retries(self, prompt: str, context: str) -> str:
        delay = 0.5
        for attempt in range(1, self.settings.retries + 1):
            try:
                async with asyncio.timeout(self.settings.timeout):
                    reply = await self.transport.send({"prompt": prompt, "context": context})
                self.usage[self.settings.model].append(Usage(reply["prompt"], reply["completion"]))
                return reply["text"]
            except TimeoutError as error:
                logger.warning("attempt %d of %d timed out", attempt, self.settings.retries)
                if attempt == self.settings.retries:
                    raise ServiceError("the model did not answer", status=504) from error
            except ConnectionError:
                logger.exception("attempt %d failed", attempt)
            await asyncio.sleep(delay)
            delay *= 2
        raise ServiceError("the model cannot be reached")

    async def ask_all(self, prompts: list[str]) -> list[str]:
        answers = await asyncio.gather(*(self.ask(prompt) for prompt in prompts), return_exceptions=True)
        failed = [a for a in answers if isinstance(a, BaseException)]
        for error in failed:
            logger.error("no answer: %s", error)
        return [a for a in answers if isinstance(a, str)]

    def spent(self) -> int:
        return sum(usage.total for usages in self.usage.values() for usage in usages)


@contextlib.contextmanager
def working_folder(path: Path) -> Iterator[Path]:
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    finally:
        for left in path.iterdir():
            left.unlink()
        path.rmdir()


async def answer(client: Client, chunks: list[Chunk], question: str) -> str:
    match ranked(chunks, question):
        case []:
            return "Nothing in these documents says anything about it."
        case [(_, only)]:
            return await client.ask(question, context=only.text)
        case [*several]:
            context = "\n---\n".join(chunk.text for _, chunk in several)
            limit = LIMITS.get(client.settings.model, LIMITS[DEFAULT_MODEL])
            return await client.ask(question, context=context[:limit])


async def main(folder: str, *questions: str) -> None:
    paths = gathered(Path(folder).iterdir())
    chunks = [chunk for path in paths for chunk in split(path.name, path.read_text())]
    print(f"{len(chunks)} chunks of {len(grouped(chunks))} documents")
    async with Client(Settings(), transport=None) as client:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(answer(client, chunks, question)) for question in questions]
        for question, task in zip(questions, tasks):
            print(f"{question}\n  {task.result()}")
        print(f"{client.spent():,} tokens")


if __name__ == "__main__":
    import sys

    asyncio.run(main(*sys.argv[1:]))

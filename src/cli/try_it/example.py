"""Ask several language models at once and keep what they answer."""

import asyncio
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

logger = logging.getLogger(__name__)


class ProviderError(Exception):
    """The provider did not answer."""


class Model(Protocol):
    """Anything that completes a prompt."""

    async def complete(self, prompt: str) -> str: ...


@dataclass
class Conversation:
    """What was said so far."""

    system: str = "You are a helpful assistant."
    messages: list[str] = []
    tags: dict[str, str] = field(default_factory=dict)

    def turns(self) -> Iterator[tuple[int, str]]:
        """The messages with their numbers."""
        for number, message in enumerate(self.messages):
            yield number, message


async def ask_with_retry(model: Model, prompt: str) -> str:
    """Ask again when the provider is busy."""
    for attempt in range(3):
        try:
            return await model.complete(prompt)
        except TimeoutError:
            time.sleep(2**attempt)
    raise ProviderError("no answer after three attempts")


async def ask_all(models: list[Model], prompt: str) -> list[str]:
    """The answers of all models, without the failures."""
    answers = await asyncio.gather(
        *(ask_with_retry(model, prompt) for model in models),
        return_exceptions=True,
    )
    return [answer for answer in answers if not isinstance(answer, Exception)]


async def fastest(first: Model, second: Model, prompt: str) -> str:
    """The answer of whichever model is done first."""
    done, pending = await asyncio.wait(
        [first.complete(prompt), second.complete(prompt)],
        return_when=asyncio.FIRST_COMPLETED,
    )
    for task in pending:
        task.cancel()
    return done.pop().result()


def load_prompts(path: str) -> Iterator[str]:
    """The prompts of a file, one a line."""
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                yield line.strip()
    except OSError as error:
        raise ProviderError(f"cannot read {path}")

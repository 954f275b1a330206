"""Pauses in long loops, so that the thread of the reader that handles keys gets the interpreter."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

PAUSE_SECONDS = 0.001


def paced(items: Iterable[Item], at_once: int = 50) -> Iterator[Item]:
    """Yield `items` with a pause after every `at_once` of them: after about a millisecond, if each is a paper to read.

    Reading a file releases the interpreter, but for so short a time that a waiting thread would not get it for tens of
    milliseconds.
    """
    for number, item in enumerate(items, 1):
        yield item
        if not number % at_once:
            time.sleep(PAUSE_SECONDS)

"""Pauses in long loops, so that the thread of the reader that handles keys gets the interpreter."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

PAUSE_SECONDS = 0.001

_MANY, _AT_ONCE = 1000, 150
"""Items that take so long that keys wait for the interpreter, and those that take a millisecond."""


def paced(items: Iterable[Item], at_once: int = 50) -> Iterator[Item]:
    """Yield `items` with a pause after every `at_once` of them: after about a millisecond, if each is a paper to read.

    Reading a file releases the interpreter, but for so short a time that a waiting thread would not get it for tens of
    milliseconds.
    """
    for number, item in enumerate(items, 1):
        yield item
        if not number % at_once:
            time.sleep(PAUSE_SECONDS)


def with_pauses(items: Collection[Item], cost: int = 1) -> Iterable[Item]:
    """Return `items`. A loop over many of them pauses now and then, so that the reader handles keys meanwhile.

    Args:
        items: what to loop over.
        cost: how many times as long as changing a mark, or looking up an id, each of them takes.
    """
    return items if len(items) * cost < _MANY else paced(items, max(1, _AT_ONCE // cost))

"""How much of a test the suite tries, so that it is quick.

Property tests try few random examples; `PAPERREADER_EXAMPLES=1000 python -m pytest -m hypothesis` tries more. Some rows
of tables take long and resemble another one; `python -m pytest -m endurance` tries them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings
from hypothesis.internal.intervalsets import IntervalSet

DEFAULT_EXAMPLES = 6


def endurance(*values: object) -> ParameterSet:
    """Return a row of a table of tests that the suite leaves out, because it always tries one like it."""
    return pytest.param(*values, marks=pytest.mark.endurance)


def every_second(rows: Iterable[object]) -> list[object]:
    """Return rows of a table of tests, of which the suite tries every second one and the endurance tests the others."""
    values = [row if isinstance(row, tuple) else (row,) for row in rows]
    return [endurance(*row) if number % 2 else pytest.param(*row) for number, row in enumerate(values)]


def example_count(default: int = DEFAULT_EXAMPLES) -> int:
    """Return `PAPERREADER_EXAMPLES`, if it is set."""
    return int(os.environ.get("PAPERREADER_EXAMPLES") or default)


def examples(count: int) -> settings:
    """Return a decorator for a property test that tries `count` examples, unless `PAPERREADER_EXAMPLES` is set."""
    return settings(max_examples=example_count(count))


def known_intervals(
    compute: Callable[[str], tuple[IntervalSet, IntervalSet]], codec: str
) -> tuple[IntervalSet, IntervalSet]:
    """Return the characters that a codec can encode, and those among them that it decodes to others."""
    if codec == "utf-8":
        return IntervalSet(((0, 0xD7FF), (0xE000, sys.maxunicode))), IntervalSet(())  # all but surrogates
    return compute(codec)

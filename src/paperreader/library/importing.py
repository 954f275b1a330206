"""Bringing files into the catalog and the marks they carry into the notebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from paperreader import sources
from paperreader.models import Entry, Mark, Problem
from paperreader.notebook import merge_marks


class Intake:
    """The entries of some paths, and beside them everything that could not be read.

    Iterate it once; then `problems`, `unreadable` and `marks` are complete.
    """

    def __init__(self, given: Sequence[str], date: str | None) -> None:
        self._given = given
        self._date = date
        self._marks: list[tuple[int, Mark]] = []
        self.problems: list[Problem] = []

    @property
    def unreadable(self) -> int:
        """How many of the paths could not be read at all."""
        return sum(isinstance(problem, sources.Unreadable) for problem in self.problems)

    def __iter__(self) -> Iterator[Entry]:
        met = 0
        for item in self._items():
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            if item.mark is not None:
                self._marks.append((met, item.mark))
            met += 1
            yield item

    def marks(self, ids: Mapping[int, str]) -> dict[str, Mark]:
        """The marks that came along, by paper; `ids` gives the paper each entry (counted from 0) became."""
        merged: dict[str, Mark] = {}
        for position, mark in self._marks:
            name = ids[position]
            merged[name] = merge_marks(merged[name], mark) if name in merged else mark
        return merged

    def _items(self) -> Iterator[Entry | Problem]:
        today = dt.datetime.now(dt.UTC).date()
        for item in sources.expand(self._given):
            if isinstance(item, Problem):
                yield item
            else:
                yield from sources.read(item, date=self._date, today=today)

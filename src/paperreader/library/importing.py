"""Bringing files into the catalog and the marks they carry into the notebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO

from paperreader import importers
from paperreader.models import ImportedEntry, Mark, Problem
from paperreader.notebook import merge_marks

TEXT_PAGE = "capture"
"""What a page saved as text is called as a source: the kind whose papers are listed by the day of their page."""

NO_DATE_MESSAGE = (
    "no day found, so its papers stand under the day they came in; `paperreader import --date` sets it"
)


class ImportReader:
    """The entries of some paths, and beside them everything that could not be read.

    Iterate it once; then `problems`, `unreadable` and `marks` are complete.
    """

    def __init__(self, given: Sequence[str], date: str | None) -> None:
        self._items = list(importers.expand_paths(given))
        self._date = date
        self._sizes = [_input_size(item) for item in self._items]
        self._items_read = 0
        """How many of the items are read."""
        self._file: BinaryIO | None = None
        self._marks: list[tuple[int, Mark]] = []
        self.problems: list[Problem] = []

    @property
    def unreadable(self) -> int:
        """How many of the paths could not be read at all."""
        return sum(isinstance(problem, importers.UnreadableFile) for problem in self.problems)

    @property
    def fraction_read(self) -> float:
        """How much of the inputs is read, going by their bytes: 0 to 1."""
        at = sum(self._sizes[: self._items_read])
        with suppress(ValueError, OSError):  # closed: read to its end, and counted with the next
            at += self._file.tell() if self._file else 0
        return min(1.0, at / max(1, sum(self._sizes)))

    def __iter__(self) -> Iterator[ImportedEntry]:
        met = 0
        undated: dict[str, None] = {}
        for item in self._read():
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            if item.mark is not None:
                self._marks.append((met, item.mark))
            met += 1
            if (source := item.records[0].source).kind == TEXT_PAGE and source.date is None:
                undated[source.name] = None
            yield item
        self.problems += [Problem(name, None, NO_DATE_MESSAGE) for name in undated]

    def marks(self, ids: Mapping[int, str]) -> dict[str, Mark]:
        """The marks that came along, by paper; `ids` gives the paper each entry (counted from 0) became."""
        merged: dict[str, Mark] = {}
        for position, mark in self._marks:
            name = ids[position]
            merged[name] = merge_marks(merged[name], mark) if name in merged else mark
        return merged

    def _read(self) -> Iterator[ImportedEntry | Problem]:
        today = dt.datetime.now(dt.UTC).date()
        for place, item in enumerate(self._items):
            self._items_read, self._file = place, None
            if isinstance(item, Problem):
                yield item
            else:
                yield from importers.read_entries(
                    item, date=self._date, today=today, on_open=self._file_opened
                )
        self._items_read, self._file = len(self._items), None

    def _file_opened(self, file: BinaryIO) -> None:
        self._file = file


def _input_size(item: importers.Input | Problem) -> int:
    if isinstance(item, Problem):
        return 0
    with suppress(OSError):  # gone meanwhile, as reading it will tell
        return item.path.stat().st_size if item.path else len(item.data)
    return 0

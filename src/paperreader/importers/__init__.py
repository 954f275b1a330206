"""Import papers from files: find the files, detect the format of each, and read its records.

Import from here what is exported here; formats are listed in `paperreader.import_formats`. Nothing is dropped silently:
what is neither a paper nor known boilerplate of its format is reported as a `Problem`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import BinaryIO

from paperreader.importers.input.files import Input, UnreadableFile, expand_paths
from paperreader.models import ImportedEntry, Problem

__all__ = ["Input", "UnreadableFile", "expand_paths", "read_entries"]


def read_entries(
    item: Input,
    *,
    date: str | None,
    today: datetime.date,
    on_open: Callable[[BinaryIO], object] = lambda file: None,
) -> Iterator[ImportedEntry | Problem]:
    """Yield what one file contains, in its order: papers, and a problem with its line for what cannot be used.

    Args:
        item: one of `expand_paths`, or bytes in memory with a name.
        date: listing date (ISO) of its papers, if the user gave one.
        today: date (UTC) that a page without a year and without a file date cannot be after.
        on_open: is called with the file, whose `tell` returns how much of it is read.
    """
    from paperreader.checked_values import DroppedValues, collect
    from paperreader.importers import dispatch

    dropped = DroppedValues()
    try:
        yield from collect(dispatch.read_entries(item, date=date, today=today, on_open=on_open), dropped)
        if dropped:
            yield Problem(item.name, None, dropped.clause)
    except OSError as error:
        words = (error.strerror or str(error)).rstrip(".").lower()
        yield UnreadableFile(item.name, None, f"cannot be read: {words}")

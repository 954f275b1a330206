"""Outside formats to records: which files there are, what each of them is, and what it holds.

Nothing is dropped in silence: what is neither a paper nor known furniture of its format comes as a `Problem`.
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
    """What one file holds, in its order: papers, and what could not be used, with its line.

    Args:
        item: as `expand` gives it, or bytes at hand with a name.
        date: the listing day (ISO) of its papers where the reader gave one.
        today: the day (UTC) before which a page without a year and without a file time must lie.
        opened: is given the file, whose `tell` says how far it is read.
    """
    from paperreader.importers import dispatch

    try:
        yield from dispatch.read_entries(item, date=date, today=today, on_open=on_open)
    except OSError as error:
        words = (error.strerror or str(error)).rstrip(".").lower()
        yield UnreadableFile(item.name, None, f"cannot be read: {words}")

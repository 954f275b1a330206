"""Papers out of the library: which, in what form, and into a file that is there in whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.errors import StorageError
from paperreader.exports import FORMATS, Format
from paperreader.storage import reason, replacing

if TYPE_CHECKING:
    from paperreader.library.facade import Library

__all__ = ["FORMATS", "Format", "choose", "format_of", "write_file"]


def choose(
    library: Library,
    query: str = "",
    *,
    bookmarked: bool = False,
    tags: Sequence[str] = (),
    ids: Sequence[str] | None = None,
) -> Sequence[int]:
    """The rows of all papers that fit: every word of the query, a bookmark, all of the tags, one of the ids.

    In the order of the ids where some are given, else as a search or the list has them.

    Raises:
        NotFound, Ambiguous: one of the ids is no paper's.
        StorageError: there is a query, and no usable index.
    """
    hits = library.search(query)
    rows: Sequence[int] = hits.rows[: hits.full]
    if ids is not None:
        allowed = set(rows)
        rows = [row for row in dict.fromkeys(map(library.resolve, ids)) if row in allowed]
    if not bookmarked and not tags:
        return rows
    wanted = set(tags)
    marked = {
        row
        for row, mark in library.marks.items()
        if (mark.bookmarked or not bookmarked) and wanted <= set(mark.tag_names)
    }
    return [row for row in rows if row in marked]


def format_of(path: str) -> str:
    """The name of the format that files of such a name have; empty if none is known."""
    return next((form.name for form in FORMATS.values() if path.lower().endswith(form.suffix)), "")


def write_file(path: Path, lines: Iterable[str]) -> None:
    """Write a file in whole or not at all; a pipe or device is simply written to.

    Raises:
        StorageError: it cannot be written.
    """
    encoded = _encoded(lines)
    if path.exists() and not path.is_file():
        try:
            with path.open("wb") as device:
                device.writelines(encoded)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {reason(error)}.") from error
        return
    with replacing(path, mode=_mode(path)) as file:
        file.writelines(encoded)


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    return (f"{text}\n".encode("utf-8", "replace") for text in lines)


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those any new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

"""What of the watch list papers have, for JSON output."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paperreader.library import Library


def watched_reader(library: Library) -> Callable[[int], dict[str, Any]]:
    """Return a function that returns the field `watched` of the paper at a row: what of the watch list it has.

    Raises:
        StorageError: the index, in which the entries are searched, cannot be updated.
    """
    if not library.watch_list.entries:
        return lambda row: {"watched": []}
    from paperreader.cli.library_access import ensure_index_current
    from paperreader.text.query.watched import WATCH_NAMES

    ensure_index_current(library)
    papers = library.watch_list.papers(library.table)

    def read(row: int) -> dict[str, Any]:
        found = papers.entries_of(row)
        return {"watched": [{"kind": WATCH_NAMES[entry.kind], "name": entry.name} for entry in found]}

    return read

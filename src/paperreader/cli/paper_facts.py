"""What is known about papers in addition to metadata and marks, for JSON output."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paperreader.library import CitationCount, Library


def facts_reader(library: Library) -> Callable[[int], dict[str, Any]]:
    """Return a function that returns the fields `watched` and `citations` of the paper at a row.

    Raises:
        StorageError: the index, in which the entries of the watch list are searched, cannot be updated.
    """
    read_watched, counts = _watched_reader(library), library.citation_counts.by_row(library.table)

    def read(row: int) -> dict[str, Any]:
        count = counts.get(row)
        citations = (
            {"count": count.count, "day": count.day or None, "service": count.service} if count else None
        )
        return {"watched": read_watched(row), "citations": citations}

    return read


def citations_label(count: CitationCount) -> str:
    """Return how often a paper is cited, according to whom, and when."""
    from paperreader.text.counts import format_count
    from paperreader.text.dates import format_long_date

    source = ", ".join(filter(None, [count.service, count.day and format_long_date(count.day)]))
    return f"cited {format_count(count.count, 'time')}{source and f' ({source})'}"


def _watched_reader(library: Library) -> Callable[[int], list[dict[str, str]]]:
    if not library.watch_list.entries:
        return lambda row: []
    from paperreader.cli.library_access import ensure_index_current
    from paperreader.text.query.watched import WATCH_NAMES

    ensure_index_current(library)
    papers = library.watch_list.papers(library.table)
    return lambda row: [
        {"kind": WATCH_NAMES[entry.kind], "name": entry.name} for entry in papers.entries_of(row)
    ]

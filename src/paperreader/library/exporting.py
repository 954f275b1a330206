"""Papers out of the library: which, in what form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.exporters.formats import FORMATS, ExportFormat

if TYPE_CHECKING:
    from paperreader.library.library import Library

__all__ = ["FORMATS", "ExportFormat", "format_for_path", "select_rows"]


def select_rows(
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
    rows: Sequence[int] = hits.rows[: hits.full_matches]
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


def format_for_path(path: str) -> str:
    """The name of the format that files of such a name have; empty if none is known."""
    return next((form.name for form in FORMATS.values() if path.lower().endswith(form.suffix)), "")

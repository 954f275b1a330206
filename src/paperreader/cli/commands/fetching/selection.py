"""Which papers `fetch text` and `fetch pdf` are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.cli.library_access import ensure_index_current

if TYPE_CHECKING:
    from paperreader.library import Library


def rows_to_fetch(library: Library, query: str) -> Sequence[int]:
    """Return the rows of the bookmarks, or of the papers that match a query, newest first."""
    if not query:
        return library.view("bookmarks")
    from paperreader.library import view_for_query

    ensure_index_current(library, query)
    return library.view(view_for_query(query))

"""Which papers `fetch text` and `fetch pdf` are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.cli import output
from paperreader.cli.library_access import ensure_index_current

if TYPE_CHECKING:
    from paperreader.library import Library


def rows_to_fetch(library: Library, query: str) -> Sequence[int]:
    """Return the rows of the bookmarks (or report that there are none), or of what matches a query, newest first."""
    if not query:
        bookmarks = library.view("bookmarks")
        if not len(bookmarks):
            output.print_error(
                "No paper is bookmarked. Add a query, such as 'tag:thesis', to choose other papers."
            )
        return bookmarks
    from paperreader.library import view_for_query

    ensure_index_current(library, query)
    return library.view(view_for_query(query))

"""What `fetch text`, `fetch pdf` and `enrich` have in common: the papers that they are about."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from paperreader.cli import output
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.signals import terminate_on_sigterm

if TYPE_CHECKING:
    from paperreader.library import Library
    from paperreader.models import Paper

Report = TypeVar("Report")


def fetch_for_papers(
    arguments: argparse.Namespace, fetch: Callable[[Library, Sequence[Paper], ProgressBar], Report]
) -> Report:
    """Return what `fetch` returns for the bookmarks, or for what matches a query; at most as many as asked for."""
    with opened_library(arguments) as library:
        rows = _rows_to_fetch(library, " ".join(arguments.words))
        papers = [library.paper(row) for row in rows[: arguments.limit]]
        with terminate_on_sigterm(), ProgressBar() as bar:
            return fetch(library, papers, bar)


def _rows_to_fetch(library: Library, query: str) -> Sequence[int]:
    """Return the rows of the bookmarks, or of what matches a query, newest first; report that there are none."""
    if not query:
        bookmarks = library.view("bookmarks")
        if not len(bookmarks):
            output.print_error(
                "No paper is bookmarked. Add a query, such as 'tag:thesis', to choose other papers."
            )
        return bookmarks
    from paperreader.library import view_for_query

    ensure_index_current(library, query)
    rows = library.view(view_for_query(query))
    if not len(rows):
        output.print_error(f"No papers match {query}.")
    return rows

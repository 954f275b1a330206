"""What the search bar says about the results."""

from __future__ import annotations

from paperreader.text.url_display import display_url
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.model.list_query import ListResult


def show_count(ctx: ReaderContext, result: ListResult) -> None:
    """Show how many papers a query found, and what is said about it."""
    count = ctx.widgets.search_bar.result_count
    count.total, count.seconds = ctx.library.paper_count, result.hits.seconds
    count.found = result.full_matches if result.query.is_search else None
    count.partial = len(result.rows) - result.full_matches
    count.near = result.hits.near
    count.corrected, count.completed = result.hits.corrected, result.completed
    count.hint = result.hint or (_missing_hint(result) if len(result.rows) else "")
    count.suggestion = result.hits.suggestion
    ctx.widgets.search_bar.input.did_you_mean = result.hits.suggestion or result.hits.corrected


def _missing_hint(result: ListResult) -> str:
    """Return what to do about papers that the query names and that are not in the library."""
    if result.addable:
        return f"enter adds {', '.join(map(display_url, result.addable))}"
    return f"{display_url(result.hits.missing[0])} is not in the library" if result.hits.missing else ""

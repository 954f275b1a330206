"""Subscriptions as views: read from their file, added and removed with a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from textual.timer import Timer

from paperreader import subscriptions
from paperreader.errors import PaperreaderError
from paperreader.lazy_pattern import lazy_pattern
from paperreader.library import FOR_YOU, query_of_view, view_for_query
from paperreader.models import MarkChange
from paperreader.subscriptions import MAX_NAME_LENGTH, Subscription, Subscriptions
from paperreader.text.cell_width import truncate_cells
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.views import (
    BUILT_IN_VIEWS,
    MAX_NUMBERED_VIEWS,
    ListView,
    view_by_id,
)
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

FILE_POLL_SECONDS = 2.0
"""How often the file is checked for changes: users edit it by hand while they read."""

RECOUNT_SECONDS = 1.0
"""How long no mark changes before subscriptions that depend on marks are counted again."""

MAX_QUERY_WIDTH = 50
"""Columns of the query in the prompt for a name."""

_MARK_FIELDS = lazy_pattern(r"\b(?:is|has|tag|note):", re.I)
"""Matches queries whose results depend on marks."""

_VIEW_FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "new": "is:new",
        "unread": "is:unread",
        "bookmarks": "is:bookmarked",
        "code": "has:code",
        FOR_YOU: "is:unread -is:bookmarked sort:foryou",
    }
)
"""The built-in views as queries."""


class SubscriptionsController:
    """Reads and writes the file in worker threads. Each error in it is reported once."""

    def __init__(self, ctx: ReaderContext, results: ResultsController, counts: ViewCountsController) -> None:
        self._ctx, self._results, self._counts = ctx, results, counts
        self._subscriptions = Subscriptions()
        self._is_reading = False
        self._was_read = False
        """Whether the file was read, or found missing, since the start."""
        self._reported: frozenset[str] = frozenset()
        self._recount_timer: Timer | None = None
        ctx.signals.marks_changed.connect(self._recount_soon)
        ctx.signals.index_updated.connect(lambda _: self._search_again())

    def start(self) -> None:
        """Read the file now, and again whenever it changes."""
        self._ctx.tasks.every(FILE_POLL_SECONDS, self.reload)
        self.reload()

    def reload(self) -> None:
        """Read the file if it changed."""
        if not self._is_reading:
            self._is_reading = True
            self._ctx.tasks.start(self._reload(), group="subscriptions")

    def toggle(self) -> None:
        """Subscribe to the current search; where it is a subscription, offer to unsubscribe."""
        if self._results.query.related_to:
            self._ctx.ui.inform("Related papers are not a search: press ", TextSpan("/", "key"), " to search")
            return
        query = combined_query(self._results.query)
        existing = next((each for each in self._subscriptions.entries if each.query == query), None)
        if existing is not None:
            self._offer_to_remove(existing)
        elif query:
            self._ask_name(query)
        else:
            self._ctx.ui.inform("No search to save. Press ", TextSpan("/", "key"), " and enter a query")

    # The file

    async def _reload(self) -> None:
        known = self._subscriptions.signature
        try:
            found = await run_in_thread(
                lambda: (
                    None if subscriptions.file_signature() == known else subscriptions.load_subscriptions()
                )
            )
        except PaperreaderError as error:
            self._report_once(str(error))
            return
        finally:
            self._is_reading = False
        if found is not None or not self._was_read:
            self._was_read = True
            self._use(found or self._subscriptions)

    def _use(self, found: Subscriptions) -> None:
        self._subscriptions = found
        for problem in found.problems:
            self._report_once(str(problem))
        self._counts.set_views((*BUILT_IN_VIEWS, *map(_list_view, found.entries)))
        current = self._results.query.view
        if query_of_view(current) is not None and view_by_id(current, self._counts.views).id != current:
            self._results.show(self._results.query._replace(view="all"), self._results.position)

    def _report_once(self, problem: str) -> None:
        if problem not in self._reported:
            self._reported |= {problem}
            self._ctx.ui.warn(problem)

    # Reactions to signals

    def _recount_soon(self, changes: Sequence[MarkChange] | None) -> None:
        entries = self._subscriptions.entries
        if changes is not None and any(_MARK_FIELDS.search(entry.query) for entry in entries):
            if self._recount_timer is not None:
                self._recount_timer.stop()
            self._recount_timer = self._ctx.tasks.after(RECOUNT_SECONDS, self._counts.start)

    def _search_again(self) -> None:
        """The index holds more than before."""
        query = self._results.query
        if query_of_view(query.view) is not None and not query.is_search:
            self._results.refresh()

    # Subscribing and unsubscribing

    def _ask_name(self, query: str) -> None:
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        subject = f"{truncate_cells(query, MAX_QUERY_WIDTH, self._ctx.glyphs.ellipsis)}  as"
        prompt = TextPrompt("Subscribe to", subject, value=query[:MAX_NAME_LENGTH])
        self._ctx.ui.push_dialog(prompt, lambda name: self._add(name, query) if name else None)

    def _add(self, name: str, query: str) -> None:
        change = self._write(lambda: subscriptions.add_subscription(name, query), "Subscribed: ")
        self._ctx.tasks.start(change, group="subscriptions")

    def _offer_to_remove(self, existing: Subscription) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("keep", "the subscription", False),
            Choice("unsubscribe", "its papers stay in the library", True, key="x"),
        ]
        dialog = ChoiceDialog(f"Subscribed to {existing.name}", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda confirmed: self._remove(existing.name) if confirmed else None)

    def _remove(self, name: str) -> None:
        change = self._write(lambda: subscriptions.remove_subscription(name), "Unsubscribed: ")
        self._ctx.tasks.start(change, group="subscriptions")

    async def _write(self, change: Callable[[], Subscription], message: str) -> None:
        def write() -> tuple[Subscription, Subscriptions]:
            return change(), subscriptions.load_subscriptions()

        try:
            entry, found = await run_in_thread(write)
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        self._use(found)
        view = view_for_query(entry.effective_query)
        number = next((n for n, each in enumerate(self._counts.views, 1) if each.id == view), 0)
        has_key = len(BUILT_IN_VIEWS) < number <= MAX_NUMBERED_VIEWS
        hint = (TextSpan(f"  {number}", "key"), " shows its papers") if has_key else ()
        self._ctx.ui.inform(message, TextSpan(entry.name, "text"), *hint)


def combined_query(query: ListQuery) -> str:
    """Return view, words and code filter as one query; empty for all papers."""
    view_query, words = query_of_view(query.view), query.text.strip()
    if view_query is not None and words:
        parts = [f"({view_query.strip()})", words]
    else:
        view = view_query.strip() if view_query is not None else _VIEW_FILTERS.get(query.view, "")
        parts = [view, words]
    if query.code_only and query.view != "code":
        parts.append("has:code")
    return " ".join(part for part in parts if part)


def _list_view(entry: Subscription) -> ListView:
    return ListView(
        view_for_query(entry.effective_query),
        entry.name,
        entry.name,
        "No paper matches this subscription yet.",
    )

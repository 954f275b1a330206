"""The views, and how many papers each of them holds."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from paperreader.library import QueryViewCount, View, ViewCounts, query_of_view
from paperreader.models import EMPTY_MARK, REVISED_FLAG, Mark, PaperTable
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.model.views import BUILT_IN_VIEWS, UPDATED_VIEW, WATCHED_VIEW, ListView, listed_views
from paperreader.tui.runtime.threads import run_in_thread

MAX_INCREMENTAL = 100
"""Papers marked at once whose effect on the views is computed; for more, all views are counted again."""


_OPTIONAL_VIEWS = (WATCHED_VIEW, UPDATED_VIEW)
"""In their order, after all others."""

_UPDATED_QUERY = query_of_view(UPDATED_VIEW.id)


class ViewCountsController:
    """Counts all views in the background, and after each mark adds what that mark changes."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        self.views: tuple[ListView, ...] = BUILT_IN_VIEWS
        """In the order of their keys."""
        self.counts: ViewCounts | None = None
        """None until they are counted for the first time."""
        self._counted_marks: Mapping[int, Mark] = MappingProxyType({})
        """The marks that the counts include."""
        self._asked = self._answered = 0
        """How many times counts were asked for, and up to which of these times they include everything."""
        self._counting = asyncio.Lock()
        ctx.signals.marks_changed.connect(lambda _: self._update())
        ctx.signals.library_changed.connect(lambda _: self.start())
        ctx.signals.index_updated.connect(lambda _: self.start())  # for subscriptions, and rules about New

    def set_views(self, views: Sequence[ListView]) -> None:
        """Offer these views, and those that are there only sometimes, and count them."""
        self.views = (*views, *(view for view in self.views if view in _OPTIONAL_VIEWS))
        self._ctx.signals.counts_changed.emit(None)
        self.start()

    def show_watched(self, is_shown: bool) -> None:
        """Offer the view of the watch list, or not, and count all views."""
        self._offer(WATCHED_VIEW, is_shown)
        self._ctx.signals.counts_changed.emit(None)
        self.start()

    def _offer(self, view: ListView, is_offered: bool) -> None:
        """Offer an optional view, or not."""
        optional = [each for each in self.views if each in _OPTIONAL_VIEWS and each is not view]
        optional += [view] * is_offered
        others = (each for each in self.views if each not in _OPTIONAL_VIEWS)
        self.views = (*others, *sorted(optional, key=_OPTIONAL_VIEWS.index))

    def expected_views(self) -> frozenset[View]:
        """Return the views there are, and before subscriptions are read also the one that the last session ended in."""
        position = self._ctx.library.state.get("position")
        view = position.get("view") if isinstance(position, dict) else None
        last = {view} if isinstance(view, str) and query_of_view(view) is not None else set()
        return frozenset({*last, *(view.id for view in listed_views(self.views))})

    def start(self) -> None:
        """Count all views again."""
        self._ctx.tasks.start(self.count(), group="counting")

    def count(self) -> Coroutine[Any, Any, None]:
        """Return what counts all views, as they are now or later; it ends when the counts are shown."""
        self._asked += 1
        return self._count_once(self._asked)

    async def _count_once(self, number: int) -> None:
        """Count, unless what began after this was asked for has done so. At the start, several parts ask for it."""
        async with self._counting:
            if self._answered < number:
                asked = self._asked
                await self._count()
                self._answered = asked

    async def _count(self) -> None:
        library = self._ctx.library
        table, marks = library.table, library.marks
        queries = [view.id for view in self.views if query_of_view(view.id) not in (None, _UPDATED_QUERY)]

        def count() -> tuple[ViewCounts, bool]:
            has_updated = _may_have_updated(table, marks) and library.inbox.updates.has_any(table)
            updated = [UPDATED_VIEW.id] if has_updated else []
            return library.view_counts([*queries, *updated], marks=marks), has_updated

        counts, has_updated = await run_in_thread(count)
        if library.table is table:  # otherwise the new papers are already being counted
            self.counts, self._counted_marks = counts, marks
            self._offer(UPDATED_VIEW, has_updated)
            self._update()

    def _update(self) -> None:
        """Apply the marks that changed since the last count; costs little enough for every key."""
        if self.counts is None:
            return
        table, before, now = self._ctx.library.table, self._counted_marks, self._ctx.library.marks
        bookmarks = arrived = 0
        read: dict[int, int] = {}
        rows = chain(now, (row for row in before if row not in now))
        different = (row for row in rows if before.get(row, EMPTY_MARK) is not now.get(row, EMPTY_MARK))
        changed = list(islice(different, MAX_INCREMENTAL + 1))
        if len(changed) > MAX_INCREMENTAL:
            self.start()
            return
        for row in changed:
            old, new = before.get(row, EMPTY_MARK), now.get(row, EMPTY_MARK)
            if table.is_live(row):
                if new.is_listed != old.is_listed or table.flags(row) & REVISED_FLAG:
                    self.start()  # it is in none of the views now, or in all; or perhaps in that of newer versions
                    return
                bookmarks += new.bookmarked - old.bookmarked
                if row in self.counts.arrived:
                    arrived += new.may_be_new - old.may_be_new
                if new.is_read != old.is_read and new.is_listed:
                    read[row] = new.is_read - old.is_read
        self._counted_marks = now
        self.counts = replace(
            self.counts,
            new=self.counts.new + arrived,
            unread=self.counts.unread - sum(read.values()),
            bookmarks=self.counts.bookmarks + bookmarks,
            queries=self._updated_queries(self.counts.queries, read),
        )
        self._ctx.signals.counts_changed.emit(None)

    def _updated_queries(
        self, queries: Mapping[View, QueryViewCount], read: Mapping[int, int]
    ) -> Mapping[View, QueryViewCount]:
        """The counts of subscriptions after 1 or -1 paper at each of these rows was read."""
        if not read or not queries:
            return queries
        if len(read) > MAX_INCREMENTAL:
            self.start()
            return queries
        return {
            view: replace(
                count, unread=count.unread - sum(n for row, n in read.items() if count.contains(row))
            )
            for view, count in queries.items()
        }


def _may_have_updated(table: PaperTable, marks: Mapping[int, Mark]) -> bool:
    """Return whether a paper with a mark has several versions; if none has, nothing is loaded to compare them."""
    flags, lengths = table.columns.column("flags"), table.columns.column("length")
    return any(row < len(flags) and lengths[row] and flags[row] & REVISED_FLAG for row in marks)

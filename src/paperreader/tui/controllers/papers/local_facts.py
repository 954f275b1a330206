"""What is known about papers in addition to their metadata, for the detail: stored full texts, citation counts, newer
versions, and what is watched.

Read off the UI thread, when nothing else is to be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Set
from typing import TYPE_CHECKING, NamedTuple

from paperreader import paths
from paperreader.models import VersionHistory
from paperreader.text.counts import format_count
from paperreader.text.dates import format_short_date
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.library import CitationCount, WatchedPapers

LOAD_SECONDS = 1.0
"""After so long the facts are read for the first time."""


class _Facts(NamedTuple):
    with_text: Set[int] = frozenset()
    """Rows of papers with a stored full text."""
    citations: Mapping[int, CitationCount] = {}
    """How often papers are cited, by row."""
    numbers: Mapping[int, int] = {}
    """The same as numbers, for the list."""
    updated: Mapping[int, VersionHistory] = {}
    """Versions of papers with a newer one than the user had seen, by row."""


class LocalFacts:
    """Facts about papers, as they are known. `changed` is called when there are others."""

    def __init__(self, ctx: ReaderContext, changed: Callable[[], object]) -> None:
        self._ctx, self._changed = ctx, changed
        self._facts = _Facts()
        self._is_used = self._is_loading = self._is_stale = False
        for signal in (ctx.signals.full_text_stored, ctx.signals.citations_stored):
            signal.connect(self._load)
        ctx.signals.library_changed.connect(self._load)
        self._watched: WatchedPapers | None = None
        ctx.signals.watched_papers_found.connect(self._use_watched)

    def of(self, row: int | None) -> tuple[str, ...]:
        """Return what is known about the paper at a row. The first question has it read soon."""
        if not self._is_used:
            self._is_used = True
            self._ctx.tasks.after(LOAD_SECONDS, self._load)
        if row is None:
            return ()
        facts = [f"{self._ctx.glyphs.selected} full text"] if row in self._facts.with_text else []
        if (count := self._facts.citations.get(row)) is not None:
            day = f" ({self._format_day(count.day)})" if count.day else ""
            facts.append(f"cited {format_count(count.count, 'time')}{day}")
        facts += filter(None, [self._newer(row)])
        if self._watched is not None and (names := self._watched.reasons(row)):
            facts.append(f"{self._ctx.glyphs.watched} watched: {', '.join(names)}")
        return tuple(facts)

    def _use_watched(self, papers: WatchedPapers) -> None:
        self._watched = papers
        self._changed()

    def _newer(self, row: int) -> str:
        """Return the latest version and its day, unless there is none, or the user has seen it meanwhile."""
        history = self._facts.updated.get(row)
        if history is None:
            return ""
        from paperreader.library import is_unseen

        if not is_unseen(history, self._ctx.library.mark(row)):
            return ""
        return f"v{history.latest.number} since {self._format_day(history.latest.day)}"

    def _format_day(self, day: str) -> str:
        return format_short_date(day, dt.date.today(), self._ctx.settings.appearance.date_format)

    def _load(self, _: object = None) -> None:
        self._is_stale = self._is_loading
        if self._is_used and not self._is_loading:
            self._is_loading = True
            self._ctx.tasks.start(self._read(), group="local-facts")

    async def _read(self) -> None:
        try:
            facts = await run_in_thread(self._read_facts)
        finally:
            self._is_loading = False
        if facts != self._facts:
            self._facts = facts
            paper_list = self._ctx.widgets.paper_list
            paper_list.facts.citations = facts.numbers
            paper_list.facts.find_newer = self._newer if facts.updated else None
            paper_list.repaint_rows()
            self._changed()
        if self._is_stale:  # something was stored after it was read
            self._load()

    def _read_facts(self) -> _Facts:
        """Return the facts, in a thread. Without full texts and counts, nothing is loaded for them."""
        library = self._ctx.library
        if not library.uuid:
            return _Facts()
        with_text: Set[int] = frozenset()
        if paths.full_text_folder(library.uuid).exists():
            with_text = library.full_texts.stored_rows()
        has_counts = paths.citations_file(library.uuid).exists()
        counts, table = library.citation_counts, library.table
        by_row, numbers = (counts.by_row(table), counts.rows(table)) if has_counts else ({}, {})
        return _Facts(with_text, by_row, numbers, library.inbox.updates.of(table))

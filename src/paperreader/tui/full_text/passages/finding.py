"""Search inside of the text that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from paperreader.fulltext import (
    HEAD,
    Matches,
    Place,
    TextLayout,
    TextSearch,
    matches_in,
    search_document,
)
from paperreader.models import FindMatches
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.layouts import short_slices
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.passages.match_lines import match_line, text_of
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.full_text.line_painter import MarkedRange
from paperreader.tui.widgets.text_line import TextSpan

BLOCKS_SHOWN_FIRST = 40
"""Blocks whose matches are shown before those of the others."""


class _Origin(NamedTuple):
    """Where the user was when the search began."""

    layout: TextLayout
    line: int
    place: Place


class _MatchRanges(Mapping[int, Sequence[MarkedRange]]):
    """What is painted: matches of the blocks that are visible, worked out when they are painted."""

    def __init__(self, matches: Matches, current: int) -> None:
        self._matches, self._current = matches, current
        self._known: dict[int, list[MarkedRange]] = {}

    def __getitem__(self, block: int) -> Sequence[MarkedRange]:
        if block not in self._known:
            numbers = self._matches.numbers_in(block)
            found = (self._matches[number] for number in numbers)
            self._known[block] = [
                MarkedRange(match.start, match.end, "match" if number == self._current else "hit")
                for number, match in zip(numbers, found, strict=True)
            ]
        return self._known[block]

    def __iter__(self) -> Iterator[int]:
        return iter(dict.fromkeys(self._matches[number].block for number in range(len(self._matches))))

    def __len__(self) -> int:
        return len(list(iter(self)))


class FindController:
    """Finds while the user types, goes from match to match, and lists all of them."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController, panes: FullTextPanes) -> None:
        self._ctx, self._documents, self._panes = ctx, documents, panes
        self._view, self._bar = ctx.widgets.view, ctx.widgets.find_bar
        self._search: tuple[OpenText, TextSearch] | None = None
        self._preparing: OpenText | None = None
        self._postponed: list[Callable[[], None]] = []
        self._query = ""
        self._matches: Matches | None = None
        self._current = -1
        self._origin: _Origin | None = None
        ctx.signals.text_shown.connect(self._begin)

    @property
    def is_active(self) -> bool:
        """Whether matches of a query are painted that was typed here."""
        return bool(self._query)

    @property
    def current(self) -> tuple[int, int]:
        """The number of the current match, from 1, and the number of matches."""
        return self._current + 1, len(self._matches or ())

    # Commands

    def open(self) -> None:
        """Show the search bar and focus it."""
        self._prepare()
        self._origin = _Origin(self._view.layout_shown, self._view.scroll_offset.y, self._documents.place)
        self._panes.open_find()

    def query_typed(self, query: str) -> None:
        """Paint the matches of a query, and go to the first one from where the search began."""
        if query != self._query:
            self._query = query
            self._postponed.clear()
            self._find()

    def accept(self) -> None:
        """Close the search bar and stay; `go_back` returns to where the search began."""
        self.query_typed(self._bar.input.value)
        origin, self._origin = self._origin, None
        if not self._query.strip():
            self.clear()
        elif origin is not None and origin.line != self._view.scroll_offset.y:
            self._documents.remember(origin.place)
        self._panes.close_find()

    def cancel(self) -> None:
        """Close the search bar, and go back to where the search began."""
        origin, self._origin = self._origin, None
        self.clear()
        self._panes.close_find()
        if origin is not None and origin.layout is self._view.layout_shown:
            self._view.scroll_to_line(origin.line)
        elif origin is not None:
            self._documents.when_complete(lambda: self._view.go_to(origin.place))

    def clear(self) -> None:
        """Forget the matches."""
        self._query, self._bar.input.value = "", ""
        self._postponed.clear()
        self._matches, self._current = None, -1
        self._view.mark("find", {})
        self._show_count()

    def move(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match, and after the last one to the first."""
        if self._is_postponed(partial(self.move, direction)):
            return
        if self._matches is None:
            self._ctx.ui.inform("No active search. Press ", TextSpan("/", "key"), " to search")
        elif not len(self._matches):
            self._ctx.ui.inform("No match")
        else:
            self._go_to((self._current + direction) % len(self._matches))

    def show_list(self) -> None:
        """Show all matches with their lines, and go to the chosen one."""
        from paperreader.tui.dialogs.passage_list import PassageChoice, PassageListDialog

        if self._is_postponed(self.show_list):
            return
        matches = self._matches
        if matches is None or not len(matches):
            self.move(1)  # says why there is none
            return
        text = self._documents.text

        def finish(choice: PassageChoice | None) -> None:
            if choice is None or text is not self._documents.text:
                return
            if choice.action == "copy":
                match = matches[choice.number]
                self._ctx.sharing.copy(text_of(text, match.block))
                return
            before = self._view.top
            if self._query:
                self.accept()
            self._go_to(choice.number)
            if self._view.top != before:
                self._documents.remember(before)

        of = f'"{self._query.strip()}"' if self._query else "your search"
        title = f"{len(matches):,} {'match' if len(matches) == 1 else 'matches'} of {of}"
        dialog = PassageListDialog(
            title, len(matches), lambda number: match_line(text, matches, number), self._current
        )
        self._ctx.ui.push_dialog(dialog, finish)

    # Finding

    def _begin(self, text: OpenText) -> None:
        """Show the words by which a text was found in the library."""
        self.clear()
        if text.find is not None:
            self._ctx.tasks.start(self._show_found(text, text.find), group="found")

    async def _show_found(self, text: OpenText, find: FindMatches) -> None:
        """Show those that are visible at first: finding all of them takes half a second."""
        first = max(0, self._documents.place.block)
        visible = range(first, min(first + BLOCKS_SHOWN_FIRST, len(text.document.blocks)))
        shown: Matches | None = None
        for blocks in (visible, None):
            matches = await run_in_thread(partial(_found, text, find, blocks))
            if text is not self._documents.text or self._matches is not shown:
                return
            if len(matches):
                shown = self._matches = matches
                self._paint(matches.first_from(self._documents.place) % len(matches))

    def _prepare(self) -> None:
        """Prepare the text for the search, in a thread."""
        text = self._documents.text
        if (self._search is None or self._search[0] is not text) and self._preparing is not text:
            self._preparing = text
            self._ctx.tasks.start(self._prepare_in_thread(text), group="find")

    async def _prepare_in_thread(self, text: OpenText) -> None:
        search = await run_in_thread(lambda: _prepared(text))
        self._preparing = None
        if text is self._documents.text:
            self._search = (text, search)
            self._find()
            while self._postponed:
                self._postponed.pop(0)()

    def _is_postponed(self, action: Callable[[], None]) -> bool:
        """Return whether the text of a query is still being prepared; `action` is called when it is."""
        if not self._query or self._preparing is not self._documents.text:
            return False
        self._postponed.append(action)
        return True

    def _find(self) -> None:
        if self._search is None or self._search[0] is not self._documents.text:
            return  # it is found when the text is prepared
        if not self._query.strip():
            self._matches, self._current = None, -1
            self._view.mark("find", {})
        else:
            self._matches = self._search[1].find(self._query)
            first = self._matches.first_from(self._origin.place if self._origin else self._documents.place)
            self._go_to(first % max(1, len(self._matches)))
        self._show_count()

    def _go_to(self, number: int) -> None:
        matches = self._matches
        if matches is None:
            return
        self._paint(number if len(matches) else -1)
        if len(matches):
            self._documents.when_complete(lambda: self._reveal(matches))

    def _paint(self, current: int) -> None:
        if self._matches is not None:
            self._current = current
            self._view.mark("find", _MatchRanges(self._matches, current))
            self._show_count()

    def _reveal(self, matches: Matches) -> None:
        if matches is not self._matches:
            return
        place = matches[self._current].place
        if place.block == HEAD and not self._view.layout_shown.shows(place):
            self._documents.show_authors()
            self._documents.when_complete(lambda: self._view.reveal(place))
        else:
            self._view.reveal(place)

    def _show_count(self) -> None:
        number, count = self.current
        text = "" if self._matches is None else f"{number:,} of {count:,}" if count else "no match"
        self._bar.count.text = text
        status = self._ctx.widgets.status
        status.info = status.info._replace(matches=text)


def _prepared(text: OpenText) -> TextSearch:
    """Prepare a text for the search, in a thread."""
    return search_document(text.document, pause=short_slices())


def _found(text: OpenText, find: FindMatches, blocks: range | None) -> Matches:
    """Return what is found in blocks of a text, in a thread."""
    return matches_in(text.document, find, blocks, pause=short_slices())

"""The search bar: the query with its history and completion, and the tally of results at its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.timer import Timer
from textual.widgets import Input

from paperreader.text.cell_width import cut
from paperreader.text.clean import printable
from paperreader.tui.commands import command
from paperreader.tui.terminal.glyphs import glyphs_of
from paperreader.tui.widgets.suggestions import LEAST_REMEMBERED, Earlier
from paperreader.tui.widgets.text_input import LineInput, typed
from paperreader.tui.widgets.text_line import OneLine, Piece, shorten, spread, width_of

PLACEHOLDER = "search titles, abstracts, notes"

STEADY_SECONDS = 0.2
"""So long after a completion is gone `tab` is said to do something else: mostly the next letter brings one back."""


class QueryInput(LineInput):
    """The line one types in."""

    BINDINGS = command.bindings_over(Input.BINDINGS, command.FIND)

    virtual_size = Reactive(Size(0, 0), layout=False)
    """As a widget has it, but a letter more does not lay the screen out anew: the line is as wide as ever."""

    @dataclass
    class Step(Message):
        """Move the cursor of the results by so many papers, or pages."""

        delta: int
        pages: bool = False

    @dataclass
    class Kept(Message):
        """Go to the list with the query as it stands."""

    @dataclass
    class Completing(Message):
        """Whether `tab` takes something here; otherwise it goes to the list."""

        completes: bool

    @dataclass
    class Cleared(Message):
        """Give the search up."""

    @dataclass
    class Asked(Message):
        """The line was left with a query worth remembering."""

        query: str

    did_you_mean: reactive[str] = reactive("", repaint=False)
    """A better-spelt query; `tab` takes it."""

    _completes = False
    """What was told last."""
    _until_told: Timer | None = None

    def __init__(self) -> None:
        self.earlier = Earlier()
        super().__init__(
            placeholder=PLACEHOLDER, suggester=self.earlier, select_on_focus=False, compact=True, id="query"
        )
        self._recalled: int | None = None
        """Which of the earlier searches stands in the line, until something is typed."""

    def fill(self, query: str) -> None:
        """Set the whole line, the cursor at its end."""
        self.value = printable(query)
        self.cursor_position = len(self.value)

    def replace(self, text: str, start: int, end: int) -> None:
        """Type or paste; whatever a terminal would act upon is left out."""
        self._recalled = None
        super().replace(typed(text), start, end)

    def action_results(self, delta: int) -> None:
        if delta < 0 and (not self.value or self._recalled is not None):
            self.action_history()
        elif delta > 0 and self._recalled is not None:
            self._recall(self._recalled - 1)
        else:
            self.post_message(self.Step(delta))

    def action_page_results(self, direction: int) -> None:
        self.post_message(self.Step(direction, pages=True))

    def action_history(self) -> None:
        self._recall(0 if self._recalled is None else self._recalled + 1)

    def action_complete(self) -> None:
        if self._has_suggestion:
            self._take_suggestion()
        elif self.did_you_mean:
            self.fill(self.did_you_mean)
        else:
            self.post_message(self.Kept())

    def action_cursor_right(self, select: bool = False) -> None:
        """A character on; at the end take what is suggested."""
        if not select and self.cursor_at_end and self._suggestion:
            self._take_suggestion()
        else:
            super().action_cursor_right(select)

    def action_keep(self) -> None:
        self.post_message(self.Kept())

    def action_clear(self) -> None:
        self.post_message(self.Cleared())

    def on_blur(self, event: events.Blur) -> None:
        self._recalled = None
        if len(self.value.strip()) >= LEAST_REMEMBERED:
            self.post_message(self.Asked(self.value.strip()))

    @property
    def _has_suggestion(self) -> bool:
        return self.cursor_at_end and len(self._suggestion) > len(self.value)

    def watch__suggestion(self) -> None:
        self._look_ahead()

    def watch_selection(self) -> None:
        self._look_ahead()

    def watch_did_you_mean(self) -> None:
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Say what `tab` does, where that is something else now."""
        if self._until_told is not None:
            self._until_told.stop()
            self._until_told = None
        completes = self._has_suggestion or bool(self.did_you_mean)
        if completes and not self._completes:
            self._tell_completing(True)
        elif self._completes and not completes:
            self._until_told = self.set_timer(STEADY_SECONDS, lambda: self._tell_completing(False))

    def _tell_completing(self, completes: bool) -> None:
        self._completes = completes
        self.post_message(self.Completing(completes))

    def _take_suggestion(self) -> None:
        ahead = self.earlier.ahead
        self.fill(ahead.query if ahead.shown == self._suggestion else self._suggestion)

    def _recall(self, number: int) -> None:
        past = self.earlier.history
        if number < 0:
            self.fill("")
            self._recalled = None
        elif number < len(past):
            self.fill(past[number])
            self._recalled = number


class Tally(OneLine):
    """How many papers there are, or were found, and how fast."""

    total: reactive[int] = reactive(0)
    found: reactive[int | None] = reactive[int | None](None)
    """Full matches of the query; None while there is no query."""
    seconds: reactive[float | None] = reactive[float | None](None)
    note: reactive[str] = reactive("")
    """A word about the answer, such as that the index is still being built."""
    waiting: reactive[bool] = reactive(False)
    hint: reactive[str] = reactive("")
    """What of the query was not understood."""
    instead: reactive[str] = reactive("")
    """A better-spelt query; told here where something was found all the same."""

    def pieces(self, width: int) -> Sequence[Piece]:
        # At the right end of a width that stays: another one for every answer would lay the whole screen out anew.
        return spread([], shorten(self._all(width), width), width)

    def watch_hint(self) -> None:
        self.set_class(self._tells_more, "-told")

    def watch_instead(self) -> None:
        self.set_class(self._tells_more, "-told")

    def watch_found(self) -> None:
        self.set_class(self._tells_more, "-told")

    @property
    def _tells_more(self) -> bool:
        """Whether there is more to tell than numbers: then the tally is wider (`-told`), and how long it took goes."""
        return bool(self.hint or (self.instead and self.found))

    def _all(self, width: int) -> list[Piece]:
        if self.waiting:
            return [Piece(glyphs_of(self.app).cut, "muted")]
        if self._tells_more and not self.note:
            return self._more(width)
        pieces = [Piece(f"{self.note}  ", "muted")] if self.note else []
        if self.found is None:
            return [*pieces, Piece(f"{self.total:,} paper{'' if self.total == 1 else 's'}", "muted")]
        pieces.append(Piece(f"{self.found:,} of {self.total:,}", "muted"))
        if self.seconds is not None:
            pieces.append(Piece(f"  {max(1, round(self.seconds * 1000)):,} ms", "muted"))
        return pieces

    def _more(self, width: int) -> list[Piece]:
        last = [Piece("  tab", "key")] if not self.hint else []
        if self.found is not None:
            last.append(Piece(f"  {self.found:,}", "muted"))
        told = self.hint or f"{self.instead.strip()}?"
        return [
            Piece(cut(printable(told), max(1, width - width_of(last)), glyphs_of(self.app).cut), "muted"),
            *last,
        ]


class SearchBar(Horizontal):
    """Prompt, query and tally on one line."""

    def compose(self) -> ComposeResult:
        yield Prompt(id="prompt")
        yield QueryInput()
        yield Tally(id="tally")

    @property
    def input(self) -> QueryInput:
        return self.query_one(QueryInput)

    @property
    def tally(self) -> Tally:
        return self.query_one(Tally)


class Prompt(OneLine):
    """The slash before the query; a click on it starts a search."""

    def pieces(self, width: int) -> Sequence[Piece]:
        return [Piece("/ ", "muted", "search")]

"""The search bar: the query input with history and completion, and the result count at the right."""

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

from paperreader.text.cell_width import truncate_cells
from paperreader.text.counts import format_count
from paperreader.text.query import toggle_full_text
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings_with_inherited, command_action
from paperreader.tui.commands.dialogs import SEARCH_KEYS
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.suggestions import MIN_QUERY_LENGTH, QuerySuggester
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import Role, TextLine, TextSpan, align_both_ends, span_width, truncate

PLACEHOLDER = "search papers, authors, notes"

HINT_DELAY_SECONDS = 0.2
"""Delay before the footer stops offering completion: mostly the next keystroke has a completion again."""


class QueryInput(TextInput):
    """The query input."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, SEARCH_KEYS)

    virtual_size = Reactive(Size(0, 0), layout=False)
    """As in `Widget`, but typing does not cause a new layout: the input has a fixed width."""

    @dataclass
    class MoveResults(Message):
        """Request to move the cursor of the results by `delta` papers or pages."""

        delta: int
        pages: bool = False

    @dataclass
    class Accepted(Message):
        """The query was accepted: focus the list."""

    @dataclass
    class CompletionChanged(Message):
        """Whether `tab` completes the query; otherwise it focuses the list."""

        available: bool

    @dataclass
    class Cleared(Message):
        """The search was cancelled."""

    @dataclass
    class QueryRemembered(Message):
        """The input lost focus with a query that belongs into the history."""

        query: str

    did_you_mean: reactive[str] = reactive("", repaint=False)
    """A spelling correction of the query; `tab` accepts it."""

    _completion_announced = False
    """The last announced value."""
    _hint_timer: Timer | None = None

    def __init__(self) -> None:
        self.query_suggester = QuerySuggester()
        super().__init__(
            placeholder=PLACEHOLDER,
            suggester=self.query_suggester,
            select_on_focus=False,
            compact=True,
            id="query",
        )
        self._history_index: int | None = None
        """Index of the shown query in the history; None once something is typed."""

    def set_query(self, query: str) -> None:
        """Set the query and move the cursor to its end."""
        self.value = query
        self.cursor_position = len(self.value)

    def replace(self, text: str, start: int, end: int) -> None:
        self._history_index = None
        super().replace(text, start, end)

    def action_results(self, delta: int) -> None:
        if delta < 0 and (not self.value or self._history_index is not None):
            self.action_history()
        elif delta > 0 and self._history_index is not None:
            self._recall_query(self._history_index - 1)
        else:
            self.post_message(self.MoveResults(delta))

    def action_page_results(self, direction: int) -> None:
        self.post_message(self.MoveResults(direction, pages=True))

    def action_history(self) -> None:
        self._recall_query(0 if self._history_index is None else self._history_index + 1)

    def action_full_text(self) -> None:
        self.replace(toggle_full_text(self.value), 0, len(self.value))

    def action_complete(self) -> None:
        if self._has_suggestion:
            self._accept_suggestion()
        elif self.did_you_mean:
            self.set_query(self.did_you_mean)
        else:
            self.post_message(self.Accepted())

    def action_cursor_right(self, select: bool = False) -> None:
        """Move right; at the end accept the suggestion."""
        if not select and self.cursor_at_end and self._suggestion:
            self._accept_suggestion()
        else:
            super().action_cursor_right(select)

    def action_accept(self) -> None:
        self.post_message(self.Accepted())

    def action_clear(self) -> None:
        self.post_message(self.Cleared())

    def on_blur(self, event: events.Blur) -> None:
        self._history_index = None
        if len(self.value.strip()) >= MIN_QUERY_LENGTH:
            self.post_message(self.QueryRemembered(self.value.strip()))

    @property
    def is_recalled(self) -> bool:
        """Whether the query comes from the history and was not edited since."""
        return self._history_index is not None

    @property
    def _has_suggestion(self) -> bool:
        return self.cursor_at_end and len(self._suggestion) > len(self.value)

    def watch__suggestion(self) -> None:
        self._update_completion_hint()

    def watch_selection(self) -> None:
        self._update_completion_hint()

    def watch_did_you_mean(self) -> None:
        self._update_completion_hint()

    def _update_completion_hint(self) -> None:
        """Announce when `tab` starts or stops completing the query."""
        if self._hint_timer is not None:
            self._hint_timer.stop()
            self._hint_timer = None
        completes = self._has_suggestion or bool(self.did_you_mean)
        if completes and not self._completion_announced:
            self._announce_completion(True)
        elif self._completion_announced and not completes:
            self._hint_timer = self.set_timer(HINT_DELAY_SECONDS, lambda: self._announce_completion(False))

    def _announce_completion(self, completes: bool) -> None:
        self._completion_announced = completes
        self.post_message(self.CompletionChanged(completes))

    def _accept_suggestion(self) -> None:
        suggestion = self.query_suggester.last_suggestion
        self.set_query(suggestion.query if suggestion.shown == self._suggestion else self._suggestion)

    def _recall_query(self, number: int) -> None:
        history = self.query_suggester.history
        if number < len(history):
            self.set_query(history[number] if number >= 0 else "")
            self._history_index = number if number >= 0 else None


MIN_WIDTH_OF_SENTENCE = 64
"""Columns from which on the message about a correction is a sentence."""


class ResultCount(TextLine):
    """The number of papers, or of results and the time of the search."""

    total: reactive[int] = reactive(0)
    found: reactive[int | None] = reactive[int | None](None)
    """Full matches of the query; None while there is no query."""
    partial: reactive[int] = reactive(0)
    """Papers with some of the words that are listed as well."""
    corrected: reactive[str] = reactive("")
    """The query with corrected spelling that was searched instead."""
    completed: reactive[str] = reactive("")
    """The query whose last word was completed, because the word itself has no results."""
    seconds: reactive[float | None] = reactive[float | None](None)
    status_note: reactive[str] = reactive("")
    """A remark about the result, such as that the index is still being built."""
    is_waiting: reactive[bool] = reactive(False)
    hint: reactive[str] = reactive("")
    """Which part of the query was not understood."""
    suggestion: reactive[str] = reactive("")
    """A spelling correction."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        # Right-aligned in a fixed width: another width for every result would cause a new layout of the screen.
        return align_both_ends([], truncate(self._all_spans(width), width), width)

    def watch_hint(self) -> None:
        self.set_class(self._has_message, "-message")

    def watch_suggestion(self) -> None:
        self.set_class(self._has_message, "-message")

    def watch_corrected(self) -> None:
        self.set_class(self._has_message, "-message")

    def watch_completed(self) -> None:
        self.set_class(self._has_message, "-message")

    def watch_found(self) -> None:
        self.set_class(self._has_message, "-message")

    @property
    def _has_message(self) -> bool:
        """Whether there is a message in addition to the numbers. Then this is wider and leaves out the search time."""
        return bool(self.hint or self.suggestion or self.corrected or self.completed)

    def _all_spans(self, width: int) -> list[TextSpan]:
        if self.is_waiting:
            return [TextSpan(get_glyphs(self.app).ellipsis, "muted")]
        if self._has_message and not self.status_note:
            return self._message_spans(width)
        spans = [TextSpan(f"{self.status_note}  ", "muted")] if self.status_note else []
        if self.found is None:
            return [*spans, TextSpan(format_count(self.total, "paper"), "muted")]
        spans.append(TextSpan(f"{self.found:,} of {self.total:,}", "muted"))
        if self.partial:
            spans.append(TextSpan(f"  {self.partial:,} partial", "muted"))
        elif self.seconds is not None:
            spans.append(TextSpan(f"  {max(1, round(self.seconds * 1000)):,} ms", "muted"))
        return spans

    def _message_spans(self, width: int) -> list[TextSpan]:
        results_for = TextSpan("for " if width < MIN_WIDTH_OF_SENTENCE else "Results for ", "muted")
        start: list[TextSpan] = []
        end: list[TextSpan] = []
        style: Role = "muted"
        if self.hint:
            message = self.hint
        elif self.corrected:
            is_narrow = width < MIN_WIDTH_OF_SENTENCE
            end = [TextSpan("  ", "muted"), TextSpan("enter", "key")]
            end.append(TextSpan(" as typed" if is_narrow else " searches what you typed", "muted"))
            start, message, style = [results_for], self.corrected.strip(), "strong"
        elif self.completed:
            if self.suggestion:
                end = [
                    TextSpan("  tab", "key"),
                    TextSpan(f" {single_line(self.suggestion.strip())}?", "muted"),
                ]
            start, message, style = [results_for], self.completed, "strong"
        else:
            end, message = [TextSpan("  tab", "key")], f"{self.suggestion.strip()}?"
        if self.found is not None:
            is_narrow = width < MIN_WIDTH_OF_SENTENCE / 2
            partial = f"+{self.partial:,}" if is_narrow else f", {self.partial:,} partial"
            partial = partial if self.partial else ""
            end.append(TextSpan(f"  {self.found:,}{partial}", "muted"))
        room = max(1, width - span_width([*start, *end]))
        shown = truncate_cells(single_line(message), room, get_glyphs(self.app).ellipsis)
        return [*start, TextSpan(shown, style), *end]


class SearchBar(Horizontal):
    """Prompt, query input and result count on one line."""

    def compose(self) -> ComposeResult:
        yield SearchPrompt(id="prompt")
        yield QueryInput()
        yield ResultCount(id="result-count")

    @property
    def input(self) -> QueryInput:
        return self.query_one(QueryInput)

    @property
    def result_count(self) -> ResultCount:
        return self.query_one(ResultCount)


class SearchPrompt(TextLine):
    """The slash before the query; a click starts a search."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan("/ ", "muted", command_action("search"))]

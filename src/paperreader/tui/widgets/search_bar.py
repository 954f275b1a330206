"""The search bar: the query input with history and completion, and the result count at the right."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.timer import Timer
from textual.widgets import Input

from paperreader.tui.commands.command import bindings_with_inherited, command_action
from paperreader.tui.commands.dialogs import SEARCH_KEYS
from paperreader.tui.widgets.result_count import ResultCount
from paperreader.tui.widgets.suggestions import MIN_QUERY_LENGTH, QuerySuggester
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextLine, TextSpan

PLACEHOLDER = "search papers, authors, notes"

HINT_DELAY_SECONDS = 0.2
"""Delay before the footer stops offering completion: mostly the next keystroke has a completion again."""


class QueryInput(TextInput):
    """The query input."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, SEARCH_KEYS)

    virtual_size = Reactive(Size(0, 0), layout=False)
    """As in `Widget`, but typing does not cause a new layout: the input has a fixed width."""

    class MoveResults(Message):
        """Request to move the cursor of the results by `delta` papers or pages."""

        def __init__(self, delta: int, *, pages: bool = False) -> None:
            super().__init__()
            self.delta, self.pages = delta, pages

    class Accepted(Message):
        """The query was accepted: focus the list."""

    class CompletionChanged(Message):
        """Whether `tab` completes the query; otherwise it focuses the list."""

        def __init__(self, available: bool) -> None:
            super().__init__()
            self.available = available

    class Cleared(Message):
        """The search was cancelled."""

    class QueryRemembered(Message):
        """The input lost focus with a query that belongs into the history."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

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
        from paperreader.text.query import toggle_full_text

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

"""The result count at the right of the search bar, or a message about the query."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from paperreader.models import NearMatches
from paperreader.text.cell_width import truncate_cells
from paperreader.text.counts import format_count
from paperreader.text.sanitize import single_line
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.text_line import Role, TextLine, TextSpan, align_both_ends, span_width, truncate

MIN_WIDTH_OF_SENTENCE = 64
"""Columns from which on the message about a correction is a sentence."""


class ResultCount(TextLine):
    """The number of papers, or of results and the time of the search."""

    total: reactive[int] = reactive(0)
    found: reactive[int | None] = reactive[int | None](None)
    """Full matches of the query; None while there is no query."""
    partial: reactive[int] = reactive(0)
    """Papers with some of the words that are listed as well."""
    near: reactive[NearMatches | None] = reactive[NearMatches | None](None)
    """What of these is near in meaning instead; None if they are partial matches."""
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
        self._use_width()

    def watch_suggestion(self) -> None:
        self._use_width()

    def watch_corrected(self) -> None:
        self._use_width()

    def watch_completed(self) -> None:
        self._use_width()

    def watch_found(self) -> None:
        self._use_width()

    def _use_width(self) -> None:
        """Take the room for a message; keep it until the query ends, because each change is a new layout of the screen.

        While a word is typed, a message often comes and goes with each letter.
        """
        keeps = self.found is not None and self.has_class("-message")
        self.set_class(self._has_message or keeps, "-message")

    @property
    def _has_message(self) -> bool:
        """Whether there is a message in addition to the numbers. Then this is wider and leaves out the search time."""
        return bool(self.hint or self.suggestion or self.corrected or self.completed)

    @property
    def _is_by_meaning(self) -> bool:
        """Whether the query asks for meaning, so that nothing is a full match."""
        return self.near is not None and self.near.is_requested

    @property
    def _kind_of_partial(self) -> str:
        return "near" if self.near is not None and self.near.count else "partial"

    def _all_spans(self, width: int) -> list[TextSpan]:
        if self.is_waiting:
            return [TextSpan(get_glyphs(self.app).ellipsis, "muted")]
        if self._has_message and not self.status_note:
            return self._message_spans(width)
        spans = [TextSpan(f"{self.status_note}  ", "muted")] if self.status_note else []
        if self.found is None:
            return [*spans, TextSpan(format_count(self.total, "paper"), "muted")]
        if self._is_by_meaning:
            return [*spans, TextSpan(f"{self.partial:,} nearest of {self.total:,}", "muted")]
        spans.append(TextSpan(f"{self.found:,} of {self.total:,}", "muted"))
        if self.partial:
            spans.append(TextSpan(f"  {self.partial:,} {self._kind_of_partial}", "muted"))
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
            partial = f"+{self.partial:,}" if is_narrow else f", {self.partial:,} {self._kind_of_partial}"
            partial = partial if self.partial else ""
            if self._is_by_meaning:
                end.append(TextSpan(f"  {self.partial:,} nearest", "muted"))
            else:
                end.append(TextSpan(f"  {self.found:,}{partial}", "muted"))
        room = max(1, width - span_width([*start, *end]))
        shown = truncate_cells(single_line(message), room, get_glyphs(self.app).ellipsis)
        return [*start, TextSpan(shown, style), *end]

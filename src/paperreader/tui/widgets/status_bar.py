"""The status line: where one is, what was just done, how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.reactive import reactive
from textual.timer import Timer

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import Mode
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.text_line import (
    TextLine,
    TextSpan,
    align_both_ends,
    span_width,
    truncate,
    truncate_longest,
)

MESSAGE_SECONDS = 4.0
"""How long a confirmation stands."""

_MODE_LABELS: dict[Mode, str] = {
    "list": "LIST",
    "select": "SELECT",
    "detail": "READ",
    "search": "FIND",
    "note": "NOTE",
}


class StatusInfo(NamedTuple):
    """What the status line tells when nothing was just done."""

    view_title: str = ""
    """The view, such as `All papers`."""
    sort_label: str = ""
    """The sort, such as `newest first`."""
    unread: int | None = None
    bookmarks: int | None = None
    """None while they are still being counted."""
    position: int | None = None
    """Where the cursor stands, from 1; None in an empty list."""
    list_length: int = 0
    """How many papers the list holds."""
    activity: str = ""
    """Work that goes on behind, such as `indexing 40%`."""
    selected_count: int = 0
    """How many papers are selected."""


class StatusBar(TextLine):
    """Mode, place and counts; a confirmation takes the middle for a few seconds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--chip", "one-line--good"}

    mode: reactive[Mode] = reactive[Mode]("list")
    info: reactive[StatusInfo] = reactive(StatusInfo())
    message: reactive[tuple[TextSpan, ...]] = reactive[tuple[TextSpan, ...]](())
    """The confirmation on show; empty when there is none."""
    hint: reactive[tuple[TextSpan, ...]] = reactive[tuple[TextSpan, ...]](())
    """What stands there while there is no confirmation and no work behind, in place of view and counts; usually
    empty.
    """
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    _message_timer: Timer | None = None

    def show_message(self, *parts: str | TextSpan) -> None:
        """Show a confirmation for four seconds. Plain parts are muted; what came from a paper is made printable."""
        pieces = [part if isinstance(part, TextSpan) else TextSpan(part, "muted") for part in parts]
        self.message = tuple(piece._replace(text=sanitize_part(piece.text)) for piece in pieces)
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self.set_timer(MESSAGE_SECONDS, self.clear_message)

    def clear_message(self) -> None:
        """Take the confirmation away."""
        self.message = ()

    def spans(self, width: int) -> Sequence[TextSpan]:
        chip = TextSpan(f" {_MODE_LABELS.get(self.mode, 'LIST')} ", "chip")
        rest = width - cell_width(chip.text)
        if told := self.message or (() if self.info.activity else self.hint):
            right = [*self._position_spans(), TextSpan(" ")]
            said = truncate_longest(
                [TextSpan("  "), *told], rest - span_width(right) - 1, self.glyphs.ellipsis
            )
            return [chip, *align_both_ends(said, right, rest, self.glyphs.ellipsis)]
        right = [*self._count_spans(), *self._position_spans(), TextSpan(" ")]
        left = self._left_spans()
        if span_width(left) + span_width(right) > rest:
            left = self._left_spans(order=False)
        if span_width(left) + span_width(right) > rest:
            right = [*self._position_spans(), TextSpan(" ")]
        return [chip, *align_both_ends(truncate(left, rest), right, rest, self.glyphs.ellipsis)]

    def _left_spans(self, *, order: bool = True) -> list[TextSpan]:
        """The view, its order, and what goes on behind: the order is the first to go where there is little room."""
        facts = self.info
        pieces = [TextSpan("  "), TextSpan(facts.view_title, "muted")]
        if facts.selected_count:
            pieces = [TextSpan("  "), TextSpan(f"{facts.selected_count:,} selected", "strong")]
        elif facts.sort_label and order:
            pieces.append(TextSpan(f"  {self.glyphs.separator}  {facts.sort_label}", "muted"))
        if facts.activity:
            pieces.append(TextSpan(f"  {self.glyphs.separator}  {facts.activity}", "muted"))
        return pieces

    def _count_spans(self) -> list[TextSpan]:
        facts = self.info
        pieces = []
        if facts.unread is not None:
            pieces.append(TextSpan(f"{facts.unread:,} unread  ", "muted"))
        if facts.bookmarks is not None:
            pieces.append(TextSpan(f"{self.glyphs.bookmark}{facts.bookmarks:,}  ", "muted"))
        return pieces

    def _position_spans(self) -> list[TextSpan]:
        facts = self.info
        if facts.position is None:
            return [TextSpan(f"0/{facts.list_length:,}" if facts.list_length else "0", "strong")]
        return [TextSpan(f"{facts.position:,}/{facts.list_length:,}", "strong")]


def sanitize_part(text: str) -> str:
    """`text` fit for a terminal, with the blanks at its ends that part it from its neighbours."""
    inner = single_line(text)
    if not inner.strip():
        return text if not text.strip(" ") else ""
    lead = " " * (len(text) - len(text.lstrip(" ")))
    tail = " " * (len(text) - len(text.rstrip(" ")))
    return f"{lead}{inner.strip()}{tail}"

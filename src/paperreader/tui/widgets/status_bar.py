"""The status bar: mode, view, counts, and a message after a command."""

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
"""How long a message is shown."""

_MODE_LABELS: dict[Mode, str] = {
    "list": "LIST",
    "select": "SELECT",
    "detail": "DETAIL",
    "search": "SEARCH",
    "note": "NOTE",
}


class StatusInfo(NamedTuple):
    """What the status bar shows while there is no message."""

    view_title: str = ""
    """The title of the view, such as `All papers`."""
    sort_label: str = ""
    """The sort, such as `newest first`."""
    unread: int | None = None
    bookmarks: int | None = None
    """None until they are counted."""
    position: int | None = None
    """Position of the cursor, from 1; None in an empty list."""
    list_length: int = 0
    """Number of papers in the list."""
    activity: str = ""
    """Work in the background, such as `indexing 40%`."""
    selected_count: int = 0
    """Number of selected papers."""


class MessageLine(TextLine):
    """A line that shows a message for a few seconds. Subclasses override `spans`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--chip", "text-line--good"}

    message: reactive[tuple[TextSpan, ...]] = reactive[tuple[TextSpan, ...]](())
    """The current message, or an empty tuple."""
    _message_timer: Timer | None = None

    def show_message(self, *parts: str | TextSpan) -> None:
        """Show a message for `MESSAGE_SECONDS`. Plain strings are muted; every part is sanitized."""
        spans = [part if isinstance(part, TextSpan) else TextSpan(part, "muted") for part in parts]
        self.message = tuple(span._replace(text=sanitize_part(span.text)) for span in spans)
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self.set_timer(MESSAGE_SECONDS, self.clear_message)

    def clear_message(self) -> None:
        """Remove the message."""
        self.message = ()


class StatusBar(MessageLine):
    """Mode, view and counts. A message replaces view and counts for a few seconds."""

    mode: reactive[Mode] = reactive[Mode]("list")
    info: reactive[StatusInfo] = reactive(StatusInfo())
    hint: reactive[tuple[TextSpan, ...]] = reactive[tuple[TextSpan, ...]](())
    """Shown in place of view and counts while there is neither a message nor work in the background."""
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    def spans(self, width: int) -> Sequence[TextSpan]:
        chip = TextSpan(f" {_MODE_LABELS.get(self.mode, 'LIST')} ", "chip")
        rest = width - cell_width(chip.text)
        if message := self.message or (() if self.info.activity else self.hint):
            right = [*self._position_spans(), TextSpan(" ")]
            middle = truncate_longest(
                [TextSpan("  "), *message], rest - span_width(right) - 1, self.glyphs.ellipsis
            )
            return [chip, *align_both_ends(middle, right, rest, self.glyphs.ellipsis)]
        right = [*self._count_spans(), *self._position_spans(), TextSpan(" ")]
        left = self._left_spans()
        if span_width(left) + span_width(right) > rest:
            left = self._left_spans(with_sort=False)
        if span_width(left) + span_width(right) > rest:
            right = [*self._position_spans(), TextSpan(" ")]
        return [chip, *align_both_ends(truncate(left, rest), right, rest, self.glyphs.ellipsis)]

    def _left_spans(self, *, with_sort: bool = True) -> list[TextSpan]:
        """Return view, sort and activity. The sort is dropped first where there is little room."""
        info = self.info
        spans = [TextSpan("  "), TextSpan(info.view_title, "muted")]
        if info.selected_count:
            spans = [TextSpan("  "), TextSpan(f"{info.selected_count:,} selected", "strong")]
        elif info.sort_label and with_sort:
            spans.append(TextSpan(f"  {self.glyphs.separator}  {info.sort_label}", "muted"))
        if info.activity:
            spans.append(TextSpan(f"  {self.glyphs.separator}  {info.activity}", "muted"))
        return spans

    def _count_spans(self) -> list[TextSpan]:
        info = self.info
        spans = []
        if info.unread is not None:
            spans.append(TextSpan(f"{info.unread:,} unread  ", "muted"))
        if info.bookmarks is not None:
            spans.append(TextSpan(f"{self.glyphs.bookmark}{info.bookmarks:,}  ", "muted"))
        return spans

    def _position_spans(self) -> list[TextSpan]:
        info = self.info
        if info.position is None:
            return [TextSpan(f"0/{info.list_length:,}" if info.list_length else "0", "strong")]
        return [TextSpan(f"{info.position:,}/{info.list_length:,}", "strong")]


def sanitize_part(text: str) -> str:
    """Return `text` as a single line, with the spaces at its ends that separate it from its neighbours."""
    inner = single_line(text)
    if not inner.strip():
        return text if not text.strip(" ") else ""
    lead = " " * (len(text) - len(text.lstrip(" ")))
    tail = " " * (len(text) - len(text.rstrip(" ")))
    return f"{lead}{inner.strip()}{tail}"

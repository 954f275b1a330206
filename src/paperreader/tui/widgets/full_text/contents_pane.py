"""The contents of a full text: a filter, and the entries that match it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from paperreader.fulltext import ContentsEntry
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import fold_for_search
from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.full_text import CONTENTS_KEYS
from paperreader.tui.terminal.colors import with_readable_contrast
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.line_view import LineView
from paperreader.tui.widgets.text_input import TextInput

_HEADINGS = {"figure": "Figures", "table": "Tables", "algorithm": "Algorithms", "theorem": "Theorems"}
"""Headings of what follows the sections, in this order."""

_INDENT = 2
"""Cells of a level of sections."""

NO_MATCH = "No entry contains this"

ContentsLine = ContentsEntry | str
"""An entry, or a heading; empty for a blank line."""


def contents_lines(entries: Sequence[ContentsEntry], query: str) -> list[ContentsLine]:
    """Return the entries that contain every word of the query, the sections first, the others below headings."""
    words = fold_for_search(query).split()
    found = [entry for entry in entries if _matches(entry, words)] if words else entries
    return list(_grouped(found))


def _matches(entry: ContentsEntry, words: Sequence[str]) -> bool:
    text = _folded(f"{entry.label} {entry.text}")
    return all(word in text for word in words)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """Do `fold_for_search`, once for all letters of a filter: it takes 0.2 ms for a long caption."""
    return fold_for_search(text)


def _grouped(entries: Sequence[ContentsEntry]) -> Iterator[ContentsLine]:
    yield from (entry for entry in entries if entry.kind == "section")
    is_first = not any(entry.kind == "section" for entry in entries)
    for kind, heading in _HEADINGS.items():
        members = [entry for entry in entries if entry.kind == kind]
        if members:
            yield from (heading,) if is_first else ("", heading)
            yield from members
            is_first = False


def best_match(lines: Sequence[ContentsLine], query: str) -> ContentsEntry | None:
    """Return the entry whose label is the query, or begins with it; None if there is none."""
    wanted = " ".join(fold_for_search(query).split())
    labels = [(fold_for_search(line.label), line) for line in lines if not isinstance(line, str)]
    for label, entry in labels:
        if label == wanted:
            return entry
    return next((entry for label, entry in labels if wanted and label.startswith(wanted)), None)


class ContentsList(LineView, inherit_bindings=False):
    """The entries, one of which is selected, and one of which is the section that is read."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "contents--text",
        "contents--muted",
        "contents--heading",
        "contents--current",
        "contents--selected",
    }

    ALLOW_SELECT = False

    @dataclass
    class EntryClicked(Message):
        """An entry was clicked."""

        entry: ContentsEntry

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[ContentsLine] = ()
        self._selected = -1
        self._current: ContentsEntry | None = None
        self._waits_for_size = False

    @property
    def selected(self) -> ContentsEntry | None:
        """The selected entry; None if there is none."""
        line = self._lines[self._selected] if 0 <= self._selected < len(self._lines) else ""
        return None if isinstance(line, str) else line

    def show(self, lines: Sequence[ContentsLine], selected: ContentsEntry | None) -> None:
        """Show lines, and select an entry; the first one if that is not among them."""
        self._lines = lines
        entries = self._entry_indexes
        at = next((index for index in entries if lines[index] == selected), entries[0] if entries else -1)
        self.set_content_height(len(lines))
        self._select(at)

    def set_current(self, entry: ContentsEntry | None) -> None:
        """Mark the section that is read."""
        if entry != self._current:
            self._current = entry
            self.refresh()

    def move(self, delta: int) -> None:
        """Select the entry that is so many entries further."""
        entries = self._entry_indexes
        if entries:
            at = entries.index(self._selected) if self._selected in entries else 0
            self._select(entries[max(0, min(at + delta, len(entries) - 1))])

    @property
    def _entry_indexes(self) -> list[int]:
        return [index for index, line in enumerate(self._lines) if not isinstance(line, str)]

    def _select(self, index: int) -> None:
        self._selected = index
        self._scroll_to_selected()

    def _scroll_to_selected(self) -> None:
        index = self._selected
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            self._waits_for_size = True
        elif not top <= index < top + height:
            self.scroll_to(y=max(0, index - height // 2), animate=False, immediate=True)
        self.refresh()

    def on_resize(self) -> None:
        """Scroll to the selected entry when the list gets its size."""
        if self._waits_for_size:
            self._waits_for_size = False
            self._scroll_to_selected()

    def render_line(self, y: int) -> Strip:
        number, width = self.scroll_offset.y + y, self.text_width
        plain = self._style_of("text")
        if number >= len(self._lines):
            return Strip.blank(width, plain)
        line = self._lines[number]
        if isinstance(line, str):
            return Strip([Segment(f" {line}", self._style_of("heading"))]).adjust_cell_length(width, plain)
        is_selected = number == self._selected
        background = self._style_of("selected") if is_selected and self._has_input_focus else Style()
        strip = Strip(list(self._entry_segments(line, width, background)))
        return strip.adjust_cell_length(width, plain + background)

    def _entry_segments(self, entry: ContentsEntry, width: int, background: Style) -> Iterator[Segment]:
        glyphs = get_glyphs(self.app)
        is_current = entry == self._current
        bar = glyphs.cursor if is_current else " "
        indent = " " * (_INDENT * (entry.level - 1))
        label = f"{entry.label}  " if entry.label and entry.text else entry.label
        style = self._style_of("current" if is_current else "text")
        yield Segment(bar, self._style_of("current") + background)
        yield Segment(indent + label, self._style_of("muted") + background)
        room = width - 1 - cell_width(indent + label)
        if room > 0:
            yield Segment(truncate_cells(entry.text, room, glyphs.ellipsis), style + background)

    @property
    def _has_input_focus(self) -> bool:
        return isinstance(self.screen.focused, ContentsInput)

    def _style_of(self, role: str) -> Style:
        return with_readable_contrast(self.get_visual_style(f"contents--{role}").rich_style)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        number = self.scroll_offset.y + offset.y if offset is not None else -1
        line = self._lines[number] if 0 <= number < len(self._lines) else ""
        if not isinstance(line, str):
            event.stop()
            self.post_message(self.EntryClicked(line))


class ContentsInput(TextInput):
    """The filter of the contents."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, CONTENTS_KEYS)

    def action_move(self, delta: int) -> None:
        self._pane.list.move(delta)

    def action_page(self, direction: int) -> None:
        self._pane.list.move(direction * max(1, self._pane.list.size.height - 1))

    def action_accept(self) -> None:
        if (entry := self._pane.list.selected) is not None:
            self.post_message(ContentsPane.Accepted(entry))

    def action_leave(self) -> None:
        self.post_message(ContentsPane.Left())

    def action_close(self) -> None:
        if self.value:
            self.value = ""
        else:
            self.post_message(ContentsPane.Closed())

    @property
    def _pane(self) -> ContentsPane:
        pane = self.parent
        assert isinstance(pane, ContentsPane)
        return pane


class ContentsPane(Vertical):
    """Filter and list."""

    @dataclass
    class Accepted(Message):
        """An entry was chosen."""

        entry: ContentsEntry

    class Left(Message):
        """The user goes back to the text."""

    class Closed(Message):
        """The user closes the contents."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.input = ContentsInput(placeholder="filter the contents", compact=True, id="contents-filter")
        self.list = ContentsList(id="contents-list")
        self._entries: Sequence[ContentsEntry] = ()

    def compose(self) -> ComposeResult:
        yield self.input
        yield self.list

    def show(self, entries: Sequence[ContentsEntry], current: ContentsEntry | None) -> None:
        """Show all entries, and select the section that is read."""
        self._entries = entries
        self.list.set_current(current)
        self.input.value = ""
        self.list.show(contents_lines(entries, ""), current)

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        lines = contents_lines(self._entries, event.value)
        self.list.show(lines or (NO_MATCH,), best_match(lines, event.value) or self.list.selected)

"""The list of papers: a line-API widget that asks for a paper only when its row is painted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from paperreader.models import Mark, PaperTable
from paperreader.tui.terminal.contrast import MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, with_readable_contrast
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.lines import AcyclicStrip
from paperreader.tui.widgets.paper_list.geometry import find_change, index_of_row
from paperreader.tui.widgets.paper_list.row_layout import separator_line
from paperreader.tui.widgets.paper_list.row_painter import RowArea, RowContext, RowPainter
from paperreader.tui.widgets.paper_list.row_source import RowTextCache
from paperreader.tui.widgets.paper_list.selection import SelectableList
from paperreader.tui.widgets.pieces import Highlighter

PARTIAL_MATCHES_LABEL = "not all words"
"""Stands on the rule above papers that have only some of the words."""

VOTES_SAMPLE_SIZE = 100
"""Papers looked at to learn whether a list has votes."""


class PaperList(SelectableList, can_focus=True, inherit_bindings=False):
    """Rows of papers with a cursor; costs what is shown, not what is owned. Keys are bound by the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--cursor",
        "paper-list--text",
        "paper-list--unread",
        "paper-list--dim",
        "paper-list--muted",
        "paper-list--new",
        "paper-list--yours",
        "paper-list--hit",
        "paper-list--bar",
    }
    ALLOW_SELECT = False

    glyphs: reactive[Glyphs] = reactive(UNICODE, layout=False)
    """The marks to paint with."""

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another paper, or on none."""

        row: int | None

    @dataclass
    class Activated(Message):
        """A paper was chosen: enter, or a click on the cursor row."""

        row: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painter: RowPainter | None = None
        self._marks: Mapping[int, Mark] = {}
        self._sorted_by_date = True
        self.date_format = "short"
        """How days are written, as the settings say."""
        self.cursor_callback: Callable[[int | None], None] | None = None
        """Called at once with the row the cursor moved to, before `Moved` is posted: what it paints comes in the
        same frame as the cursor, which the way of a message does not give."""
        self._announced: tuple[int | None, int | None] = (None, None)
        self._role_styles: dict[tuple[str, bool], Style] = {}
        # What holds while the lines of one repaint are asked for, one after the other.
        self._offset = 0
        self._area = RowArea(0, 0, 1)
        self._last_painted: tuple[int, list[Strip]] | None = None

    # What is shown

    def show(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        rows: Sequence[int],
        *,
        highlighter: Highlighter | None = None,
        by_date: bool = True,
        today: datetime.date,
        cursor: int | None = None,
        top: int | None = None,
        partial_from: int | None = None,
        dim_read: bool = False,
    ) -> None:
        """Show `rows` of `table`; `rows` is looked at, never copied.

        Args:
            table: where the papers come from.
            marks: the reader's marks by row.
            rows: the papers in their order.
            find: what of a text to light up.
            by_date: whether the order is newest day first; a day is then written once.
            today: decides how a day is written.
            cursor: the paper (its row, not its position) to put the cursor on; the first one when it is not in `rows`.
            top: the paper to have at the top of the pane; without it the cursor is just brought into sight.
            partial_from: the index in `rows` from which papers do not have all the words.
            dim_read: paint papers that were read dimmed (in a list of unread ones they stay until it is shown anew).
        """
        source, counted_as_before = self._texts_of(table)
        voted = any(table.votes(row) for row in islice(rows, VOTES_SAMPLE_SIZE))
        self._painter = RowPainter(
            source, self._style, marks, highlighter, today, dim_read, voted, self.glyphs, self.date_format
        )
        before, place_before = self._rows, self._position
        self._marks, self._rows, self._sorted_by_date = marks, rows, by_date
        rule_at = partial_from if partial_from is not None and partial_from < len(rows) else None
        place = None if cursor is None else index_of_row(rows, cursor, self._position)
        self._position = place or 0
        if counted_as_before:
            self._remap_selection(before, place_before)
        else:
            self.deselect_all()
        first = None if top is None else index_of_row(rows, top, self._top_position)
        self._set_row_count(len(rows), rule_at)
        self._scroll_to_position(
            first if first is not None else self._top_position if place is not None else 0
        )
        if first is None:
            self._scroll_to_cursor()
        self.refresh()
        self._announce_cursor()

    def _texts_of(self, table: PaperTable) -> tuple[RowTextCache, bool]:
        """Where the rows of `table` come from, and whether they are counted as those shown so far."""
        shown = self._painter.texts if self._painter else None
        if shown is not None and shown.table is table:
            return shown, True
        return RowTextCache(table), shown is not None and shown.table.generation == table.generation

    def refresh_marks(self, marks: Mapping[int, Mark], rows: Iterable[int] | None = None) -> None:
        """Paint the marks anew; only those of `rows` when they are given."""
        self._marks = marks
        if self._painter is None:
            return
        self._painter.marks = marks
        changed = None if rows is None else set(rows)
        self._painter.invalidate(changed)
        if changed is None:
            self.refresh()
            return
        for position in self._visible_positions():
            if self._rows[position] in changed:
                self._refresh_row(position)

    # The cursor

    @property
    def cursor(self) -> int | None:
        """The row of the paper the cursor stands on; None in an empty list."""
        return self._rows[self._position] if self._geometry.count else None

    @property
    def top(self) -> int | None:
        """The row of the first paper that is wholly in the pane; None in an empty list."""
        if not self._geometry.count:
            return None
        first = self._first_complete_position if self.size else self._top_position
        return self._rows[min(first, self._geometry.count - 1)]

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a paper; False when it is not in the list."""
        position = index_of_row(self._rows, row, self._position)
        if position is None:
            return False
        self.go_to_position(position)
        return True

    def jump_day(self, direction: int) -> bool:
        """To the first paper of the next day in the list (1), or of this day, then of the previous one (-1).

        False where there is none, and in a list that is not in the order of days.
        """
        if self._painter is None or not self._sorted_by_date or not self._geometry.count:
            return False
        day, rows, here = self._painter.texts.table.day, self._rows, self._position
        if direction > 0:
            today = day(rows[here])
            found = find_change(here + 1, self._geometry.count, lambda at: day(rows[at]) != today)
            if found is not None:
                self.go_to_position(found)
            return found is not None
        if here == 0:
            return False
        today = day(rows[here - 1])
        before = find_change(here - 1, -1, lambda at: day(rows[at]) != today)
        self.go_to_position(0 if before is None else before + 1)
        return True

    def jump_unread(self, direction: int) -> bool:
        """To the next (1) or previous (-1) unread paper; False when there is none in that direction."""
        rows, marks = self._rows, self._marks
        end = self._geometry.count if direction > 0 else -1
        for position in range(self._position + direction, end, direction):
            mark = marks.get(rows[position])
            if mark is None or not mark.is_read:
                self.go_to_position(position)
                return True
        return False

    def activate(self) -> None:
        """Say that the paper under the cursor was chosen."""
        if (row := self.cursor) is not None:
            self.post_message(self.Activated(row))

    def _announce_cursor(self) -> None:
        """Post `Moved` when the cursor stands on another paper than was last said."""
        now = (self.cursor, None if self._painter is None else self._painter.texts.table.generation)
        if now != self._announced:
            self._announced = now
            if self.cursor_callback is not None:
                self.cursor_callback(now[0])
            self.post_message(self.CursorMoved(now[0]))

    def on_click(self, event: events.Click) -> None:
        place = self._geometry.position_at(self.scroll_offset.y + event.y)
        if place is None:
            return
        if place[0] == self._position:
            self.activate()
        else:
            # Without a margin: the row must not move away under a double click.
            self.go_to_position(place[0], margin=0)

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        # Asked once for a repaint instead of once for every line: these are not cheap.
        self._offset = self.scroll_offset.y
        self._area = RowArea(self.text_width, self.size.width, self._geometry.row_height)
        self._last_painted = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        line, pane, painter = self._offset + y, self._area, self._painter
        place = self._geometry.position_at(line)
        if place is None or painter is None:
            if painter is not None and self._geometry.is_separator(line):
                return painter.line_strip(
                    separator_line(PARTIAL_MATCHES_LABEL, pane.width, self.glyphs), False, pane
                )
            return AcyclicStrip(Strip.blank(pane.full_width, self._style("text", False)), pane.full_width)
        position, part = place
        if self._last_painted is None or self._last_painted[0] != position:
            day = self._day_label(position, painter.texts.table)
            look = RowContext(day, position == self._position, self._is_selected(position))
            self._last_painted = position, painter.row_strips(self._rows[position], look, pane)
        return self._last_painted[1][part]

    def _day_label(self, position: int, table: PaperTable) -> str:
        """The day if it is written on that row: with days in order, once a day and at the top of the pane."""
        day = table.day(self._rows[position])
        if not (self._sorted_by_date and position) or table.day(self._rows[position - 1]) != day:
            return day
        return day if position == self._geometry.first_complete(self._offset) else ""

    def _style(self, role: str, cursor: bool) -> Style:
        style = self._role_styles.get((role, cursor))
        if style is None:
            # The cursor comes last: in ANSI themes it has a colour for text, elsewhere it is a tint alone.
            names = [f"paper-list--{role}", *(["paper-list--cursor"] if cursor else [])]
            style = with_readable_contrast(
                self.get_visual_style(*names).rich_style,
                MIN_SHAPE_CONTRAST if role == "bar" else MIN_TEXT_CONTRAST,
            )
            if cursor:
                # ANSI themes dim what is grey elsewhere: too faint on a light ground.
                style += Style(dim=False)
            self._role_styles[role, cursor] = style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._role_styles.clear()
        if self._painter:
            self._painter.invalidate()

    def watch_glyphs(self, glyphs: Glyphs) -> None:
        if self._painter:
            self._painter.glyphs = glyphs
            self._painter.invalidate()
        self.refresh()

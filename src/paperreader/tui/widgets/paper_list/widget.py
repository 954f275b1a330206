"""The paper list: a line-API widget that reads a paper only when its row is painted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from paperreader.models import FindMatches, Mark, PaperTable
from paperreader.tui.terminal.colors import MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, with_readable_contrast
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.line_view import AcyclicStrip
from paperreader.tui.widgets.paper_list.cursor import CursorList
from paperreader.tui.widgets.paper_list.geometry import find_day, find_unread, index_of_row
from paperreader.tui.widgets.paper_list.match_reason import FindReason
from paperreader.tui.widgets.paper_list.row_facts import RowFacts
from paperreader.tui.widgets.paper_list.row_layout import separator_line
from paperreader.tui.widgets.paper_list.row_painter import (
    RowArea,
    RowContext,
    RowPainter,
    RowTextCache,
    painted_rows,
)

SCROLLBAR_GAP = 1
"""Blank cells between dates or marks and the scrollbar."""

VOTES_SAMPLE_SIZE = 100
"""How many papers are checked to decide whether a list has votes."""


class PaperList(CursorList, can_focus=True, inherit_bindings=False):
    """Rows of papers with a cursor. The cost depends on the visible rows only. Keys are bound by the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--cursor",
        "paper-list--text",
        "paper-list--unread",
        "paper-list--dim",
        "paper-list--muted",
        "paper-list--new",
        "paper-list--yours",
        "paper-list--fit",
        "paper-list--hit",
        "paper-list--bar",
    }
    ALLOW_SELECT = False

    glyphs: reactive[Glyphs] = reactive(UNICODE, layout=False)
    """The symbols to paint with."""

    class CursorMoved(Message):
        """The cursor moved to another paper, or the list became empty (`row` is None)."""

        def __init__(self, row: int | None) -> None:
            super().__init__()
            self.row = row

    class Activated(Message):
        """A paper was activated with enter or with a click on the cursor row."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painter: RowPainter | None = None
        self._painted = painted_rows()
        self._marks: Mapping[int, Mark] = {}
        self._sorted_by_date, self._separator_label = True, ""
        self.date_format, self.facts = "short", RowFacts()
        """The date format of the settings, and more about papers, after whose change `repaint_rows` is due."""
        self.cursor_callback: Callable[[int | None], None] | None = None
        """Called with the new row before `CursorMoved` is posted. What it paints appears in the frame of the cursor."""
        self._announced: tuple[int | None, int | None] = (None, None)
        self._role_styles: dict[tuple[str, bool], Style] = {}
        self._offset = 0  # valid while the lines of one repaint are rendered, like the next two
        self._area = RowArea(0, 0, 1)
        self._last_painted: tuple[int, list[Strip]] | None = None

    # What is shown

    def show(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        rows: Sequence[int],
        *,
        find_matches: FindMatches | None = None,
        find_reason: FindReason | None = None,
        by_date: bool = True,
        today: datetime.date,
        cursor: int | None = None,
        top: int | None = None,
        partial_from: int | None = None,
        partial_label: str = "partial matches",
        dim_read: bool = False,
    ) -> None:
        """Show `rows` of `table`. `rows` is referenced, not copied.

        Args:
            table: the table of the papers.
            marks: the user's marks by row.
            rows: rows of the table in display order.
            find_matches: returns the ranges of a text that match the query.
            find_reason: returns why a paper matches, for what the list does not know. See `repaint_rows`.
            by_date: whether the newest day comes first; each day is then shown once.
            today: the current day, for relative dates.
            cursor: row of the paper to put the cursor on; else the cursor stays on its paper, or goes to the first one.
            top: row of the paper to scroll to the top; without it the cursor is only scrolled into view.
            partial_from: index in `rows` of the first paper that does not match all words.
            partial_label: what is written above it.
            dim_read: dim papers that are read (in a list of unread papers, where they stay until the next refresh).
        """
        texts, same_rows = self._texts_of(table)
        cited, sample = self.facts.citations, islice(rows, VOTES_SAMPLE_SIZE)
        has_votes = any(table.votes(row) or row in cited for row in sample)
        self._painter = RowPainter(
            texts, self._style, marks, find_matches, today, dim_read, has_votes, self.glyphs, self.date_format
        )
        self._painter.find_reason, self._painter.facts = find_reason, self.facts
        self._painter.painted = self._painted
        self._separator_label = partial_label
        if self._selection is not None:
            remapped = self._selection.remapped(self._rows, rows, self._position) if same_rows else None
            self._selection = remapped
        position = None if cursor is None else index_of_row(rows, cursor, self._position)
        if position is None and cursor is not None and same_rows and self.cursor is not None:
            position = index_of_row(rows, self.cursor, self._position)
        self._marks, self._rows, self._sorted_by_date = marks, rows, by_date
        self._position = position or 0
        top_position = None if top is None else index_of_row(rows, top, self._top_position)
        separator = partial_from if partial_from is not None and partial_from < len(rows) else None
        self._set_row_count(len(rows), separator)
        if top_position is not None:
            self._scroll_to_position(top_position)
        else:
            self._scroll_to_position(0 if position is None else self._top_position)
            self._scroll_to_cursor()
        self.refresh()
        self._cursor_placed()

    def _texts_of(self, table: PaperTable) -> tuple[RowTextCache, bool]:
        """Return the texts of the rows of `table`, and whether rows have the same numbers as in the current table."""
        current = self._painter.texts if self._painter else None
        if current is not None and current.table is table:
            return current, True
        return RowTextCache(table), current is not None and current.table.generation == table.generation

    def refresh_marks(self, marks: Mapping[int, Mark], rows: Iterable[int] | None = None) -> None:
        """Repaint after a change of marks: the given `rows` only, or all rows."""
        self._marks = marks
        if self._painter is not None:
            self._painter.marks = marks
            self.repaint_rows(rows)

    def repaint_rows(self, rows: Iterable[int] | None = None) -> None:
        """Paint rows again, or all of them."""
        if not self._painter:
            return
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
        """The row of the paper under the cursor; None in an empty list."""
        return self._rows[self._position] if self._geometry.count else None

    @property
    def top(self) -> int | None:
        """The row of the first completely visible paper; None in an empty list."""
        if not self._geometry.count:
            return None
        first = self._first_complete_position if self.size else self._top_position
        return self._rows[min(first, self._geometry.count - 1)]

    def go_to_row(self, row: int) -> bool:
        """Move the cursor to a paper. Return False when it is not in the list."""
        return self._go_to(index_of_row(self._rows, row, self._position))

    def jump_day(self, direction: int) -> bool:
        """Move to the first paper of the next day in the list (1), or of this day, then of the previous one (-1).

        Return False when there is none, or when the list is not sorted by date.
        """
        if self._painter is None or not self._sorted_by_date or not self._geometry.count:
            return False
        return self._go_to(find_day(self._rows, self._painter.texts.table.day, self._position, direction))

    def jump_unread(self, direction: int) -> bool:
        """Move to the next (1) or previous (-1) unread paper. Return False when there is none in that direction."""
        return self._go_to(find_unread(self._rows, self._marks, self._position, direction))

    def _go_to(self, position: int | None) -> bool:
        """Move the cursor to a position; return False if there is none."""
        if position is not None:
            self.go_to_position(position)
        return position is not None

    def activate(self) -> None:
        """Post `Activated` for the paper under the cursor."""
        if (row := self.cursor) is not None:
            self.post_message(self.Activated(row))

    def _cursor_placed(self) -> None:
        """Post `CursorMoved` when the cursor is on another paper than at the last announcement."""
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
            # No margin: the row must not scroll away under a double click.
            self.go_to_position(place[0], margin=0)

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        self._offset = self.scroll_offset.y  # once a repaint instead of once a line: these are expensive
        width = max(0, self.text_width - SCROLLBAR_GAP)
        self._area = RowArea(width, self.text_width, self._geometry.row_height)
        self._last_painted = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        line, area, painter = self._offset + y, self._area, self._painter
        place = self._geometry.position_at(line)
        if place is None or painter is None:
            if painter is not None and self._geometry.is_separator(line):
                separator = separator_line(self._separator_label, area.width, self.glyphs)
                return painter.line_strip(separator, False, area)
            return AcyclicStrip(Strip.blank(area.full_width, self._style("text", False)), area.full_width)
        position, part = place
        if self._last_painted is None or self._last_painted[0] != position:
            selection, cursor = self._selection, self._position
            day = self._day_label(position, painter.texts.table)
            selected = selection is not None and selection.contains(position, cursor)
            context = RowContext(day, position == cursor, selected)
            self._last_painted = position, painter.row_strips(self._rows[position], context, area)
        return self._last_painted[1][part]

    def _day_label(self, position: int, table: PaperTable) -> str:
        """Return the day (ISO) to show on a row, or "": in date order once a day, and at the top of the pane."""
        day = table.day(self._rows[position])
        if not (self._sorted_by_date and position) or table.day(self._rows[position - 1]) != day:
            return day
        return day if position == self._geometry.first_complete(self._offset) else ""

    def _style(self, role: str, cursor: bool) -> Style:
        style = self._role_styles.get((role, cursor))
        if style is None:
            # The cursor style comes last: in ANSI themes it has a text color, elsewhere it is only a tint.
            names = [f"paper-list--{role}", *(["paper-list--cursor"] if cursor else [])]
            style = with_readable_contrast(
                self.get_visual_style(*names).rich_style,
                MIN_SHAPE_CONTRAST if role == "bar" else MIN_TEXT_CONTRAST,
            )
            if cursor:
                # ANSI themes dim what is grey elsewhere, which is too faint on a light background.
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

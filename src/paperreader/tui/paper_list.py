"""The list of papers: a line-API widget that asks for a paper only when its row is painted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from paperreader.models import NO_MARK, Mark, PaperTable
from paperreader.text.dates import short_day
from paperreader.tui.glyphs import UNICODE, Glyphs
from paperreader.tui.list_lines import next_change, position_of
from paperreader.tui.pieces import Find, Line
from paperreader.tui.reasons import why
from paperreader.tui.row_scroll import MARGIN, RowScroll
from paperreader.tui.row_source import RowSource
from paperreader.tui.rows import RowState, lay_out, rule


class PaperList(RowScroll, can_focus=True, inherit_bindings=False):
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
    class Moved(Message):
        """The cursor stands on another paper, or on none."""

        row: int | None

    @dataclass
    class Chosen(Message):
        """A paper was chosen: enter, or a click on the cursor row."""

        row: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._source: RowSource | None = None
        self._marks: Mapping[int, Mark] = {}
        self._rows: Sequence[int] = ()
        self._find: Find | None = None
        self._by_date = True
        self._dim_read = False
        self._today = datetime.date.min
        self._told: tuple[int | None, int | None] = (None, None)
        self._strips: LRUCache[tuple[int, str, bool, int, int], list[Strip]] = LRUCache(512)
        self._styles_by_role: dict[tuple[str, bool], Style] = {}

    # What is shown

    def show(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        rows: Sequence[int],
        *,
        find: Find | None = None,
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
        if self._source is None or self._source.table is not table:
            self._source = RowSource(table)
        self._marks, self._rows, self._find = marks, rows, find
        self._by_date, self._dim_read, self._today = by_date, dim_read, today
        rule_at = partial_from if partial_from is not None and partial_from < len(rows) else None
        place = None if cursor is None else position_of(rows, cursor, self._position)
        self._position = place or 0
        first = None if top is None else position_of(rows, top, self._top)
        self._set_rows(len(rows), rule_at)
        self._scroll_to_position(first if first is not None else self._top if place is not None else 0)
        if first is None:
            self._bring_into_sight()
        self._repaint()
        self._tell()

    def refresh_marks(self, marks: Mapping[int, Mark], rows: Iterable[int] | None = None) -> None:
        """Paint the marks anew; only those of `rows` when they are given."""
        self._marks = marks
        if rows is None:
            self._repaint()
            return
        changed = set(rows)
        for key in [key for key in self._strips if key[0] in changed]:
            self._strips.discard(key)
        for position in self._visible():
            if self._rows[position] in changed:
                self._refresh_row(position)

    # The cursor

    @property
    def cursor(self) -> int | None:
        """The row of the paper the cursor stands on; None in an empty list."""
        return self._rows[self._position] if self._lines.count else None

    @property
    def position(self) -> int:
        """Where in the list the cursor stands, counted from 0."""
        return self._position

    @property
    def top(self) -> int | None:
        """The row of the first paper that is wholly in the pane; None in an empty list."""
        if not self._lines.count:
            return None
        first = self._first_shown if self.size else self._top
        return self._rows[min(first, self._lines.count - 1)]

    def go(self, position: int, *, margin: int = MARGIN) -> None:
        """Put the cursor at a position (the nearest there is), with `margin` papers in sight around it."""
        position = max(0, min(position, self._lines.count - 1))
        if position != self._position:
            before, self._position = self._position, position
            self._refresh_row(before)
            self._refresh_row(position)
        self._bring_into_sight(margin)
        self._tell()

    def move(self, delta: int) -> None:
        """Move the cursor by `delta` papers."""
        self.go(self._position + delta)

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a paper; False when it is not in the list."""
        position = position_of(self._rows, row, self._position)
        if position is None:
            return False
        self.go(position)
        return True

    def home(self) -> None:
        """To the first paper."""
        self.go(0)

    def end(self) -> None:
        """To the last paper."""
        self.go(self._lines.count - 1)

    def page(self, direction: int) -> None:
        """A page down (1) or up (-1): one paper stays in sight."""
        self._leap(direction * max(1, self._capacity() - 1))

    def half_page(self, direction: int) -> None:
        """Half a page down (1) or up (-1)."""
        self._leap(direction * max(1, self._capacity() // 2))

    def next_day(self, direction: int) -> bool:
        """To the first paper of the next day in the list (1), or of this day, then of the previous one (-1).

        False where there is none, and in a list that is not in the order of days.
        """
        if self._source is None or not self._by_date or not self._lines.count:
            return False
        day, rows, here = self._source.table.day, self._rows, self._position
        if direction > 0:
            today = day(rows[here])
            found = next_change(here + 1, self._lines.count, lambda at: day(rows[at]) != today)
            if found is not None:
                self.go(found)
            return found is not None
        if here == 0:
            return False
        today = day(rows[here - 1])
        before = next_change(here - 1, -1, lambda at: day(rows[at]) != today)
        self.go(0 if before is None else before + 1)
        return True

    def next_unread(self, direction: int) -> bool:
        """To the next (1) or previous (-1) unread paper; False when there is none in that direction."""
        rows, marks = self._rows, self._marks
        end = self._lines.count if direction > 0 else -1
        for position in range(self._position + direction, end, direction):
            mark = marks.get(rows[position])
            if mark is None or not mark.is_read:
                self.go(position)
                return True
        return False

    def choose(self) -> None:
        """Say that the paper under the cursor was chosen."""
        if (row := self.cursor) is not None:
            self.post_message(self.Chosen(row))

    def _leap(self, delta: int) -> None:
        """Cursor and pane move together."""
        self._scroll_to_position(self._first_shown + delta)
        self.go(self._position + delta)

    def _tell(self) -> None:
        """Post `Moved` when the cursor stands on another paper than was last said."""
        now = (self.cursor, None if self._source is None else self._source.table.generation)
        if now != self._told:
            self._told = now
            self.post_message(self.Moved(now[0]))

    def on_click(self, event: events.Click) -> None:
        place = self._lines.at(self.scroll_offset.y + event.y)
        if place is None:
            return
        if place[0] == self._position:
            self.choose()
        else:
            # Without a margin: the row must not move away under a double click.
            self.go(place[0], margin=0)

    # Painting

    def render_line(self, y: int) -> Strip:
        line = self.scroll_offset.y + y
        place = self._lines.at(line)
        if place is None or self._source is None:
            if self._lines.is_rule(line):
                return self._strip(rule("not all words", self._width, self.glyphs), cursor=False)
            return Strip.blank(self._width, self._style("text", cursor=False))
        position, part = place
        row, date, cursor = self._rows[position], self._date(position), position == self._position
        key = (row, date, cursor, self._width, self._lines.height)
        strips = self._strips.get(key)
        if strips is None:
            strips = self._strips[key] = self._paint(self._source, row, date, cursor)
        return strips[part]

    def _paint(self, source: RowSource, row: int, date: str, cursor: bool) -> list[Strip]:
        mark = self._marks.get(row, NO_MARK)
        text = source.text(row)
        find, two = self._find, self._lines.height > 1
        reason = why(find, text.title, mark.note_text, lambda: source.abstract(row)) if find and two else None
        state = RowState(
            unread=not mark.is_read,
            bookmarked=mark.bookmarked,
            noted=bool(mark.note_text),
            tags=mark.tag_names,
            dimmed=mark.is_read and self._dim_read,
            cursor=cursor,
            date=date,
            reason=reason,
        )
        lines = lay_out(
            text, state, width=self._width, lines=self._lines.height, find=find, glyphs=self.glyphs
        )
        return [self._strip(line, cursor=cursor) for line in lines]

    def _date(self, position: int) -> str:
        """The day as it is written on that row: with days in order, once a day and at the top of the pane."""
        if self._source is None:
            return ""
        table, rows = self._source.table, self._rows
        day = table.day(rows[position])
        repeated = position and self._by_date and table.day(rows[position - 1]) == day
        if not day or (repeated and position != self._first_shown):
            return ""
        return short_day(day, self._today)

    def _strip(self, line: Line, *, cursor: bool) -> Strip:
        segments = [Segment(text, self._style(role, cursor=cursor)) for text, role in line]
        return Strip(segments, self._width).simplify()

    def _style(self, role: str, *, cursor: bool) -> Style:
        key = (role, cursor)
        style = self._styles_by_role.get(key)
        if style is None:
            names = ["paper-list--cursor"] if cursor else []
            style = self.get_visual_style(*names, f"paper-list--{role}").rich_style
            self._styles_by_role[key] = style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles_by_role.clear()
        self._strips.clear()

    def watch_glyphs(self) -> None:
        self._repaint()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

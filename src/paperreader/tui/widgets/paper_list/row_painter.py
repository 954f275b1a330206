"""From a paper to the strips of its row: text, marks and reason laid out, roles turned into styles, remembered."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from paperreader.models import NO_MARK, Mark
from paperreader.text.dates import short_day
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.lines import PaintedLine
from paperreader.tui.widgets.paper_list.match_reason import why
from paperreader.tui.widgets.paper_list.row_layout import RowState, lay_out
from paperreader.tui.widgets.paper_list.row_source import RowSource
from paperreader.tui.widgets.pieces import Find, Line


class Pane(Struct, frozen=True):
    """The room that rows are painted in."""

    width: int
    """Cells that text may take."""
    full: int
    """Cells to fill: those and what lies under the scrollbar."""
    height: int
    """Lines of a row."""


_ROWS = 512
"""More than any screen holds."""


class Look(NamedTuple):
    """What about a row depends on where it stands."""

    day: str
    """The day (ISO) to write on it, or nothing."""
    cursor: bool
    selected: bool


_Key = tuple[int, Look, Pane]


class RowPainter(Struct):
    """Paints the rows of one list; forgets what it painted when `forget` is called."""

    source: RowSource
    style: Callable[[str, bool], Style]
    """The style of a role, on a cursor row or another."""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    find: Find | None = None
    today: datetime.date = datetime.date.min
    dim_read: bool = False
    voted: bool = True
    """Whether there are votes in the list."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """As in the settings."""
    _painted: LRUCache[_Key, list[Strip]] = field(default_factory=lambda: LRUCache(_ROWS))

    def row(self, row: int, look: Look, pane: Pane) -> list[Strip]:
        """The strips of a row."""
        key = (row, look, pane)
        strips = self._painted.get(key)
        if strips is None:
            lines = self._lay_out(row, look, pane)
            strips = self._painted[key] = [self.strip(line, look.cursor, pane) for line in lines]
        return strips

    def strip(self, line: Line, cursor: bool, pane: Pane) -> Strip:
        """A laid out line of `pane.width` cells, in colours and filled up."""
        segments: list[Segment] = []
        text, last = "", None
        for piece, role in line:
            style = self.style(role, cursor)
            if style is last:
                text += piece
                continue
            if last is not None:
                segments.append(Segment(text, last))
            text, last = piece, style
        if last is not None:
            segments.append(Segment(text, last))
        if pane.full > pane.width:
            segments.append(Segment(" " * (pane.full - pane.width), self.style("text", cursor)))
        return PaintedLine(segments, pane.full)

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Paint anew at the next occasion: these rows, or all."""
        if rows is None:
            self._painted.clear()
            return
        changed = set(rows)
        stale = [key for key in self._painted.keys() if key[0] in changed]  # noqa: SIM118 - not a dict
        for key in stale:
            self._painted.discard(key)

    def _lay_out(self, row: int, look: Look, pane: Pane) -> tuple[Line, ...]:
        mark = self.marks.get(row, NO_MARK)
        text = self.source.text(row)
        reason = None
        # A row of one line has no room for reasons.
        if self.find and pane.height > 1:
            reason = why(self.find, text.title, mark.note_text, lambda: self.source.abstract(row))
        state = RowState(
            unread=not mark.is_read,
            bookmarked=mark.bookmarked,
            noted=bool(mark.note_text),
            tags=mark.tag_names,
            dimmed=mark.is_read and self.dim_read,
            cursor=look.cursor,
            selected=look.selected,
            date=short_day(look.day, self.today, self.date_format) if look.day else "",
            reason=reason,
            voted=self.voted,
        )
        return lay_out(text, state, width=pane.width, lines=pane.height, find=self.find, glyphs=self.glyphs)

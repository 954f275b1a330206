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

from paperreader.models import EMPTY_MARK, Mark
from paperreader.text.dates import format_short_date
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.lines import AcyclicStrip
from paperreader.tui.widgets.paper_list.match_reason import match_reason
from paperreader.tui.widgets.paper_list.row_layout import RowState, layout_row
from paperreader.tui.widgets.paper_list.row_source import RowTextCache
from paperreader.tui.widgets.pieces import Highlighter, StyledLine


class RowArea(Struct, frozen=True):
    """The room that rows are painted in."""

    width: int
    """Cells that text may take."""
    full_width: int
    """Cells to fill: those and what lies under the scrollbar."""
    row_height: int
    """Lines of a row."""


_MAX_ROWS = 512
"""More than any screen holds."""


class RowContext(NamedTuple):
    """What about a row depends on where it stands."""

    day: str
    """The day (ISO) to write on it, or nothing."""
    cursor: bool
    selected: bool


_CacheKey = tuple[int, RowContext, RowArea]


class RowPainter(Struct):
    """Paints the rows of one list; forgets what it painted when `forget` is called."""

    texts: RowTextCache
    style: Callable[[str, bool], Style]
    """The style of a role, on a cursor row or another."""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    highlighter: Highlighter | None = None
    today: datetime.date = datetime.date.min
    dim_read: bool = False
    has_votes: bool = True
    """Whether there are votes in the list."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """As in the settings."""
    _cache: LRUCache[_CacheKey, list[Strip]] = field(default_factory=lambda: LRUCache(_MAX_ROWS))

    def row_strips(self, row: int, context: RowContext, area: RowArea) -> list[Strip]:
        """The strips of a row."""
        key = (row, context, area)
        strips = self._cache.get(key)
        if strips is None:
            lines = self._layout(row, context, area)
            strips = self._cache[key] = [self.line_strip(line, context.cursor, area) for line in lines]
        return strips

    def line_strip(self, line: StyledLine, cursor: bool, area: RowArea) -> Strip:
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
        if area.full_width > area.width:
            segments.append(Segment(" " * (area.full_width - area.width), self.style("text", cursor)))
        return AcyclicStrip(segments, area.full_width)

    def invalidate(self, rows: Iterable[int] | None = None) -> None:
        """Paint anew at the next occasion: these rows, or all."""
        if rows is None:
            self._cache.clear()
            return
        changed = set(rows)
        stale = [key for key in self._cache.keys() if key[0] in changed]  # noqa: SIM118 - not a dict
        for key in stale:
            self._cache.discard(key)

    def _layout(self, row: int, context: RowContext, area: RowArea) -> tuple[StyledLine, ...]:
        mark = self.marks.get(row, EMPTY_MARK)
        text = self.texts.text(row)
        reason = None
        # A row of one line has no room for reasons.
        if self.highlighter and area.row_height > 1:
            reason = match_reason(
                self.highlighter, text.title, mark.note_text, lambda: self.texts.abstract(row)
            )
        state = RowState(
            unread=not mark.is_read,
            bookmarked=mark.bookmarked,
            has_note=bool(mark.note_text),
            tags=mark.tag_names,
            dimmed=mark.is_read and self.dim_read,
            cursor=context.cursor,
            selected=context.selected,
            date=format_short_date(context.day, self.today, self.date_format) if context.day else "",
            reason=reason,
            list_has_votes=self.has_votes,
        )
        return layout_row(
            text,
            state,
            width=area.width,
            lines=area.row_height,
            highlighter=self.highlighter,
            glyphs=self.glyphs,
        )

"""Paints rows of the paper list: layout of texts, marks and match reason, styles for roles, and caches for both."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct, field
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from paperreader.errors import PaperreaderError
from paperreader.models import EMPTY_MARK, FindMatches, Mark, Paper, PaperTable
from paperreader.text.dates import format_short_date
from paperreader.text.sanitize import single_line
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.line_view import AcyclicStrip
from paperreader.tui.widgets.paper_list.match_reason import (
    FindReason,
    abstract_text,
    authors_text,
    match_reason,
)
from paperreader.tui.widgets.paper_list.row_facts import RowFacts
from paperreader.tui.widgets.paper_list.row_layout import RowState, layout_row
from paperreader.tui.widgets.paper_list.row_text import RowText, row_text
from paperreader.tui.widgets.text_line import MatchRanges, StyledLine

_MAX_TEXTS = 1024
_MAX_ABSTRACTS = 256
"""An abstract takes 1 to 3 kB."""


class RowTextCache:
    """Texts of the rows of one table, read when a row is painted, in bounded caches."""

    def __init__(self, table: PaperTable) -> None:
        self.table = table
        self._texts: LRUCache[int, RowText] = LRUCache(_MAX_TEXTS)
        self._abstracts: LRUCache[int, str] = LRUCache(_MAX_ABSTRACTS)
        self._authors: LRUCache[int, str] = LRUCache(_MAX_ABSTRACTS)

    def text(self, row: int) -> RowText:
        """Return the texts of a row. For a damaged record the title is the error message."""
        text = self._texts.get(row)
        if text is None:
            paper = self._paper(row)
            text = row_text(paper) if isinstance(paper, Paper) else RowText(single_line(paper))
            self._texts[row] = text
        return text

    def abstract(self, row: int) -> str:
        """Return the abstract as one line in Unicode; "" for a damaged record."""
        text = self._abstracts.get(row)
        if text is None:
            paper = self._paper(row)
            text = abstract_text(paper) if isinstance(paper, Paper) else ""
            self._abstracts[row] = text
        return text

    def authors(self, row: int) -> str:
        """Return the names of the authors as one line; "" for a damaged record."""
        text = self._authors.get(row)
        if text is None:
            paper = self._paper(row)
            text = authors_text(paper) if isinstance(paper, Paper) else ""
            self._authors[row] = text
        return text

    def _paper(self, row: int) -> Paper | str:
        """Return the paper, or the error message when it cannot be read."""
        try:
            return self.table.paper(row)
        except PaperreaderError as error:
            return str(error)


class RowArea(Struct, frozen=True):
    """The size of the area of a row."""

    width: int
    """Cells for text."""
    full_width: int
    """Cells to fill: the text, and those between it and the scrollbar. Nothing is painted under the scrollbar, where
    each line would have to be divided."""
    row_height: int
    """Lines of a row."""


_MAX_ROWS = 200
"""More than fit on any screen."""


class RowContext(NamedTuple):
    """What of a row depends on its position."""

    day: str
    """The day (ISO) to show, or ""."""
    cursor: bool
    selected: bool


_CacheKey = tuple[int, RowContext, RowArea]


class PaintedRow(NamedTuple):
    """A row as it was painted: what was painted, and its strips."""

    content: tuple[RowText, MatchRanges, RowState]
    strips: list[Strip]


PaintedRows = LRUCache[tuple[int, RowArea], PaintedRow]
"""The rows that were painted last, for painters of other lists of the same rows. While a word is typed, most rows stay
the same, with the same words highlighted."""


def painted_rows() -> PaintedRows:
    """Return an empty cache."""
    return LRUCache(_MAX_ROWS)


class RowPainter(Struct):
    """Paints the rows of one list and caches the strips until `invalidate` is called."""

    texts: RowTextCache
    style: Callable[[str, bool], Style]
    """Returns the style of a role; the second argument says whether it is on the cursor row."""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    find_matches: FindMatches | None = None
    today: datetime.date = datetime.date.min
    dim_read: bool = False
    has_votes: bool = True
    """Whether papers of the list have votes or citations."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """The date format of the settings."""
    find_reason: FindReason | None = None
    """Returns a reason that comes before those that the painter finds; None if there is none, or none yet."""
    facts: RowFacts = field(default_factory=RowFacts)
    painted: PaintedRows = field(default_factory=painted_rows)
    _cache: LRUCache[_CacheKey, list[Strip]] = field(default_factory=lambda: LRUCache(_MAX_ROWS))

    def row_strips(self, row: int, context: RowContext, area: RowArea) -> list[Strip]:
        """Return one strip for each line of a row."""
        key = (row, context, area)
        strips = self._cache.get(key)
        if strips is None:
            strips = self._cache[key] = self._paint(row, context, area)
        return strips

    def _paint(self, row: int, context: RowContext, area: RowArea) -> list[Strip]:
        text = self.texts.text(row)
        ranges = self.find_matches(text.title) if self.find_matches else ()
        content = text, ranges, self._state(row, text, context, area)
        known = self.painted.get((row, area))
        if known is not None and known.content == content:
            return known.strips
        lines = layout_row(
            text, content[2], width=area.width, lines=area.row_height, ranges=ranges, glyphs=self.glyphs
        )
        strips = [self.line_strip(line, context.cursor, area) for line in lines]
        self.painted[row, area] = PaintedRow(content, strips)
        return strips

    def line_strip(self, line: StyledLine, cursor: bool, area: RowArea) -> Strip:
        """Return a strip of `area.full_width` cells for a line of `area.width` cells."""
        segments: list[Segment] = []
        text, last = "", None
        for span_text, role, _ in line:
            style = self.style(role, cursor)
            if style is last:
                text += span_text
                continue
            if last is not None:
                segments.append(Segment(text, last))
            text, last = span_text, style
        if last is not None:
            segments.append(Segment(text, last))
        if area.full_width > area.width:
            segments.append(Segment(" " * (area.full_width - area.width), self.style("text", cursor)))
        return AcyclicStrip(segments, area.full_width)

    def invalidate(self, rows: Iterable[int] | None = None) -> None:
        """Discard the cached strips of the given rows, or of all rows, also if only their style changed."""
        if rows is None:
            self._cache.clear()
            self.painted.clear()
            return
        changed = set(rows)
        stale = [key for key in self._cache.keys() if key[0] in changed]  # noqa: SIM118 - not a dict
        for key in stale:
            self._cache.discard(key)

    def _state(self, row: int, text: RowText, context: RowContext, area: RowArea) -> RowState:
        mark = self.marks.get(row, EMPTY_MARK)
        reason = self.find_reason(row) if self.find_reason and self.find_matches else None
        # Rows of one line have seldom room for a reason that the painter has to look for.
        if self.find_matches and area.row_height > 1:
            reason = reason or match_reason(
                self.find_matches,
                text.title,
                mark.written_text,
                lambda: self.texts.abstract(row),
                lambda: self.texts.authors(row),
            )
        return RowState(
            unread=not mark.is_read,
            bookmarked=mark.bookmarked,
            has_note=bool(mark.note_text),
            tags=mark.tag_names,
            dimmed=mark.is_read and self.dim_read,
            cursor=context.cursor,
            selected=context.selected,
            level=0 if mark.is_read or row >= len(self.facts.levels) else self.facts.levels[row],
            disliked=mark.is_disliked,
            date=format_short_date(context.day, self.today, self.date_format) if context.day else "",
            reason=reason,
            newer=self.facts.find_newer(row) if self.facts.find_newer else "",
            watched=self.facts.find_watched(row) if self.facts.find_watched else (),
            list_has_watched=self.facts.find_watched is not None,
            list_has_votes=self.has_votes,
            citations=self.facts.citations.get(row),
        )

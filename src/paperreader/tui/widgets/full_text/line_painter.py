"""Paints one line of a full text: styles, ranges that are marked, labels of links, and its part that is visible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from paperreader.fulltext import Line, Span
from paperreader.text.cell_width import cell_width
from paperreader.tui.widgets.line_view import AcyclicStrip

_LETTERS = {"b": Style(bold=True), "i": Style(italic=True)}


WHOLE_BLOCK = 1 << 30
"""The end of a range that is all of a block."""


class MarkedRange(NamedTuple):
    """A part of the text of a block that is painted in another style."""

    start: int
    end: int
    role: str
    """A component class of the view, such as `hit`."""


class LinkLabel(NamedTuple):
    """Letters over the beginning of a link."""

    cell: int
    text: str


class LinePainter:
    """Paints lines with the styles that `style_of` returns for a role."""

    def __init__(self, style_of: Callable[[str], Style], *, more_left: str, more_right: str) -> None:
        """`more_left` and `more_right` show that a line continues at that side; each takes one cell."""
        self._style_of = style_of
        self._more_left, self._more_right = more_left, more_right

    def paint(
        self,
        line: Line,
        room: int,
        *,
        offset: int = 0,
        marked: Sequence[MarkedRange] = (),
        labels: Sequence[LinkLabel] = (),
    ) -> Strip:
        """Return the visible part of a line, at most `room` cells.

        Args:
            line: what to paint.
            room: cells that are visible.
            offset: cells by which a wide line is scrolled sideways.
            marked: ranges of the text of the block, in any order; later ones are painted over earlier ones.
            labels: letters to paint over the line.
        """
        strip = Strip([segment for span in line.spans for segment in self._segments(span, marked)])
        for label in labels:
            strip = _overlaid(strip, label, self._style_of("label-key"))
        offset = min(offset, max_sideways_offset(line, room))
        if line.width <= room and not offset:
            return strip if strip.cell_length <= room else strip.crop(0, room)
        return self._cropped(strip, line, room, offset)

    def _segments(self, span: Span, marked: Sequence[MarkedRange]) -> Iterator[Segment]:
        style = self._style_of(span.role)
        for letter in span.style:
            style += _LETTERS[letter]
        ranges = [each for each in marked if each.start < span.end and each.end > span.start]
        if span.start < 0 or not ranges:
            yield Segment(span.text, style)
        elif len(span.text) != span.end - span.start:
            yield Segment(span.text, self._combined(style, [each.role for each in ranges]))
        else:
            yield from self._marked_segments(span, style, ranges)

    def _marked_segments(self, span: Span, style: Style, ranges: Sequence[MarkedRange]) -> Iterator[Segment]:
        ends = {span.start, span.end}
        for each in ranges:
            ends |= {max(span.start, each.start), min(span.end, each.end)}
        edges = sorted(ends)
        for start, end in pairwise(edges):
            roles = [each.role for each in ranges if each.start <= start and end <= each.end]
            text = span.text[start - span.start : end - span.start]
            yield Segment(text, self._combined(style, roles))

    def _combined(self, style: Style, roles: Iterable[str]) -> Style:
        for role in dict.fromkeys(roles):
            style += self._style_of(role)
        return style

    def _cropped(self, strip: Strip, line: Line, room: int, offset: int) -> Strip:
        """Return the part of a wide line that is visible: its fixed cells, and the rest from `offset` on."""
        fixed = line.fixed if line.fixed < room else 0
        muted = self._style_of("more")
        whole = strip.adjust_cell_length(line.width, self._style_of("text"))
        first, last = fixed + offset, offset + room
        before = [Segment(self._more_left, muted)] if offset else []
        after = [Segment(self._more_right, muted)] if last < line.width else []
        middle = whole.crop(first + len(before), last - len(after))
        return Strip([*whole.crop(0, fixed), *before, *middle, *after])


def max_sideways_offset(line: Line, room: int) -> int:
    """Return by how many cells a line can be scrolled sideways: until its end, and the start of a column is visible."""
    longest = max(0, line.width - room)
    return next((offset for offset in column_offsets(line) if offset >= longest), longest) if longest else 0


def column_offsets(line: Line) -> list[int]:
    """Return by how many cells a line is scrolled if a column begins after what stays, and the sign before it."""
    return [max(0, stop - line.fixed - 1) for stop in line.stops]


def next_sideways_offset(lines: Iterable[tuple[Line, int]], offset: int, direction: int, cells: int) -> int:
    """Return by how many cells lines, each with its room, are scrolled after `offset`: to the next column, if any.

    Args:
        lines: what is visible.
        offset: by how many they are scrolled.
        direction: to the right (1) or to the left (-1).
        cells: the distance without columns.
    """
    wide = [(line, room) for line, room in lines if line.width > room]
    longest = max((max_sideways_offset(line, room) for line, room in wide), default=0)
    # Of a column that is wider than the screen, nothing is skipped.
    page = min((room - line.fixed - 2 for line, room in wide if line.stops), default=cells)
    stops = {stop for line, _ in wide for stop in column_offsets(line)}
    near = [stop for stop in stops if 0 < (stop - offset) * direction <= page]
    if near:
        return min(longest, min(near) if direction > 0 else max(near))
    return max(0, min(offset + direction * (max(1, page) if stops else cells), longest))


def offset_revealing(line: Line, cell: int, room: int, offset: int, margin: int) -> int:
    """Return by how many cells a line is scrolled sideways so that a cell is visible: `offset` if it already is."""
    longest = max_sideways_offset(line, room)
    offset = min(offset, longest)
    if cell < line.fixed or line.fixed + offset <= cell < offset + room - margin:
        return offset
    return max(0, min(cell - (line.fixed + room) // 2, longest))


def span_at(line: Line, cell: int) -> Span | None:
    """Return the span at a cell of a line; None right of its end."""
    end = 0
    for span in line.spans:
        end += cell_width(span.text)
        if cell < end:
            return span if cell >= 0 else None
    return None


def cell_of(line: Line, offset: int) -> int:
    """Return the cell at which a line shows an offset in the text of its block; 0 if it does not."""
    cell = 0
    for span in line.spans:
        if span.start <= offset < span.end:
            is_same = len(span.text) == span.end - span.start
            return cell + (cell_width(span.text[: offset - span.start]) if is_same else 0)
        cell += cell_width(span.text)
    return 0


def offset_at(line: Line, cell: int) -> int:
    """Return the offset in the text of the block that a line shows at a cell; the nearest one if it shows none."""
    start, nearest = 0, max(0, line.offset)
    for span in line.spans:
        width = cell_width(span.text)
        if span.start >= 0 and cell >= start:
            if cell >= start + width or len(span.text) != span.end - span.start:
                nearest = span.end if cell >= start + width else span.start
            else:
                taken = 0
                while cell_width(span.text[: taken + 1]) <= cell - start:
                    taken += 1
                return span.start + taken
        start += width
    return nearest


def _overlaid(strip: Strip, label: LinkLabel, style: Style) -> Strip:
    end = label.cell + cell_width(label.text)
    whole = strip if strip.cell_length >= end else strip.adjust_cell_length(end)
    return Strip([*whole.crop(0, label.cell), Segment(label.text, style), *whole.crop(end)])


def ranges_in(line: Line, layers: Iterable[Mapping[int, Sequence[MarkedRange]]]) -> list[MarkedRange]:
    """Return the ranges of all layers that a line shows a part of; later layers come last."""
    first = min((span.start for span in line.spans if span.start >= 0), default=0)
    last = max((span.end for span in line.spans), default=0)
    return [
        each
        for layer in layers
        for each in layer.get(line.block, ())
        if each.start < last and each.end > first
    ]


def whole_line(
    strip: Iterable[Segment], margin: int, sign: str, width: int, style_of: Callable[[str], Style]
) -> Strip:
    """Return a painted line behind its margin, with a sign of one cell in it if there is one, up to a width."""
    plain = style_of("text")
    segments = [Segment(" " * (margin - 2 if sign else margin), plain)] if margin else []
    if sign:
        segments += Segment(sign, style_of("sign")), Segment(" ", plain)
    segments += strip
    used = sum(segment.cell_length for segment in segments)
    if used < width:
        segments.append(Segment(" " * (width - used), plain))
    return AcyclicStrip(segments, max(used, width))

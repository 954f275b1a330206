"""Layout of a document, or of some of its blocks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property

from paperreader.fulltext.document import Document, Figure
from paperreader.fulltext.layout.blocks import BlockContext, block_lines
from paperreader.fulltext.layout.head import head_lines
from paperreader.fulltext.layout.lines import HEAD, LayoutOptions, Line, Place
from paperreader.fulltext.layout.margins import blank_line_margin, blank_lines_before, container_margins
from paperreader.fulltext.layout.targets import caption_label
from paperreader.text.cell_width import cell_width

MIN_TEXT_WIDTH = 10
"""Cells that margins leave for the text."""


class TextLayout:
    """The lines of consecutive blocks of a document."""

    def __init__(self, lines: list[Line], first: int, end: int) -> None:
        """Keep the lines of the blocks from `first` (`HEAD` for the title) up to `end`, which is not included."""
        self.lines, self.first, self.end = lines, first, end

    def contains(self, place: Place) -> bool:
        """Return whether the block of a place is laid out."""
        return self.first <= place.block < self.end

    def line_at(self, place: Place) -> int:
        """Return the index of the first line that shows a place; the nearest one if its block is not laid out."""
        found = max(0, bisect_right(self._places, (place.block, place.offset)) - 1)
        # The lines of a displayed formula have the same place.
        return bisect_left(self._places, self._places[found]) if self._places else 0

    def line_showing(self, place: Place) -> int:
        """Return the index of the line with the character at a place; that of `line_at` if it is not shown."""
        for number in self.lines_of(place.block):
            if any(span.start <= place.offset < span.end for span in self.lines[number].spans):
                return number
        return self.line_at(place)

    def shows(self, place: Place) -> bool:
        """Return whether the character at a place is shown."""
        lines = (self.lines[number] for number in self.lines_of(place.block))
        return any(span.start <= place.offset < span.end for line in lines for span in line.spans)

    def place_at(self, line: int) -> Place:
        """Return the place of a line; that of the nearest one if there is no such line."""
        if not self.lines:
            return Place()
        return Place(*self._places[max(0, min(line, len(self.lines) - 1))])

    def lines_of(self, block: int) -> range:
        """Return the indexes of the lines of a block, without the blank ones above it."""
        return range(bisect_left(self._places, (block, 0)), bisect_left(self._places, (block + 1, -1)))

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return [(line.block, line.offset) for line in self.lines]


def layout_document(
    document: Document,
    options: LayoutOptions,
    first: int = HEAD,
    end: int | None = None,
    *,
    pause: Callable[[], object] = lambda: None,
) -> TextLayout:
    """Return the lines of the blocks from `first` up to `end`, which is not included; by default of all.

    `pause` is called after each block: a thread can let others work, or raise an exception to stop.
    """
    last = len(document.blocks) if end is None else min(end, len(document.blocks))
    lines = head_lines(document, options) if first == HEAD else []
    anchors = document.anchors
    for index in range(max(0, first), last):
        lines += _lines_of_block(document, index, options, anchors.__contains__)
        pause()
    return TextLayout(lines, first, last)


def layout_around(
    document: Document, options: LayoutOptions, place: Place, before: int, after: int
) -> TextLayout:
    """Return the layout of the blocks around a place: at least that many lines before and after it, if they exist."""
    first = end = max(HEAD, min(place.block, len(document.blocks) - 1))
    lines: list[Line] = []
    while first > HEAD and len(lines) < before:
        first -= 1
        lines = layout_document(document, options, first, first + 1).lines + lines
    wanted = len(lines) + blank_lines_before(document.blocks, end) + after if end >= 0 else len(lines) + after
    while len(lines) < wanted and end < len(document.blocks):
        lines += layout_document(document, options, end, end + 1).lines
        end += 1
    return TextLayout(lines, first, end)


def _lines_of_block(
    document: Document, index: int, options: LayoutOptions, is_target: Callable[[str], bool]
) -> Iterator[Line]:
    """Yield the lines of a block with its margins, after the blank ones above it."""
    blocks, glyphs = document.blocks, options.glyphs
    limit = max(0, min(options.width // 2, options.width - MIN_TEXT_WIDTH))
    first, others = container_margins(blocks, index, glyphs, limit)
    margin = sum(cell_width(span.text) for span in others)
    if blank := blank_lines_before(blocks, index):
        line = Line(blank_line_margin(blocks, index, glyphs, limit), index, -1)
        yield from [line] * blank
    context = BlockContext(
        index,
        options,
        options.width - margin,
        max(options.width, options.max_width) - margin,
        is_target,
        caption_label(document, index) if isinstance(blocks[index], Figure) else "",
    )
    for line in block_lines(blocks[index], context):
        if others:
            width = line.width + margin if line.width else 0
            line = line._replace(
                spans=(*first, *line.spans),
                width=width,
                fixed=line.fixed + margin if width else 0,
                stops=tuple(stop + margin for stop in line.stops),
            )
            first = others
        yield line

"""Notes of the reader below blocks, such as what it knows about the paper of a reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from paperreader.fulltext.layout.layout import TextLayout
from paperreader.fulltext.layout.lines import Line, Span
from paperreader.text.cell_width import cell_width

Notes = Mapping[int, Sequence[Span]]
"""One line for each block that has a note, by the index of the block."""


def with_notes(layout: TextLayout, notes: Notes) -> TextLayout:
    """Return a layout with a line below each block that has a note, indented like the block."""
    if not notes:
        return layout
    return TextLayout(list(_noted(layout.lines, notes)), layout.first, layout.end)


def _noted(lines: Sequence[Line], notes: Notes) -> Iterator[Line]:
    last = len(lines) - 1
    for number, line in enumerate(lines):
        yield line
        is_end = number == last or lines[number + 1].block != line.block
        if is_end and line.spans and (note := notes.get(line.block)):
            # The place of the line above: a note has none of its own.
            yield Line((Span(" " * _indent(line)), *note), line.block, line.offset)


def _indent(line: Line) -> int:
    """Return the cells up to the text of the last line of a block: its margin, or label and blanks."""
    size = found = 0
    for span in line.spans[:2]:
        size += cell_width(span.text)
        if span.start < 0:
            found = size
    return found

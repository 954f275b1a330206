"""Where pages begin, so that each shows formulas, pictures and tables as a whole if they fit on a page."""

from __future__ import annotations

from paperreader.fulltext.document import Caption, Document, Equation, Figure, Table
from paperreader.fulltext.layout.layout import TextLayout
from paperreader.fulltext.layout.lines import HEAD, Place
from paperreader.fulltext.layout.targets import target_blocks


def page_below(layout: TextLayout, document: Document, top: int, height: int) -> int:
    """Return the first line of the page below the one whose first line is `top`.

    It begins with the last line of the page, or, if that is in the middle of a formula, picture or table, with the
    beginning of that. After one that ends with the page, it begins below.
    """
    last = min(top + height, len(layout.lines)) - 1
    whole = _whole_lines(layout, document, last, height)
    if len(whole) > 1 and whole.start >= top:
        last = whole.start if whole.stop > last + 1 else whole.stop
    return max(top + 1, last)


def page_above(layout: TextLayout, document: Document, top: int, height: int) -> int:
    """Return the first line of the page above the one whose first line is `top`.

    It ends with that line, or with the end of the formula, picture or table that the line is a part of.
    """
    whole = _whole_lines(layout, document, top, height)
    return max(0, min(top - 1, max(whole.stop, top + 1) - height))


def _whole_lines(layout: TextLayout, document: Document, line: int, height: int) -> range:
    """Return the lines that are to be seen together with a line: more than itself only if they fit on a page."""
    alone = range(line, line + 1)
    if not 0 <= line < len(layout.lines) or layout.lines[line].offset < 0 or layout.lines[line].block == HEAD:
        return alone
    block = layout.lines[line].block
    candidates = [range(block, block + 1)]
    match document.blocks[block]:
        case Figure() | Table() | Caption():
            candidates.insert(0, target_blocks(document, Place(block, 0)))
        case Equation():
            pass
        case _:
            return alone
    for blocks in candidates:
        lines = range(layout.lines_of(blocks.start).start, layout.lines_of(blocks.stop - 1).stop)
        if len(lines) <= height and line in lines:
            return lines
    return alone

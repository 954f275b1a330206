"""Lines of matches in lists."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.fulltext import HEAD, Matches, Place, block_text, head_text
from paperreader.text.cell_width import truncate_cells
from paperreader.tui.full_text.context import OpenText
from paperreader.tui.widgets.text_line import TextSpan

SECTION_CELLS = 6
"""Cells for the number of the section in the list of matches."""

CONTEXT_CELLS = 30
"""Cells before a match in the list."""


def match_line(text: OpenText, matches: Matches, number: int) -> Sequence[TextSpan]:
    """Return a match with the line that contains it, after the number of its section."""
    from paperreader.tui.dialogs.passage_list import context_spans

    match = matches[number]
    whole = text_of(text, match.block)
    start = whole.rfind("\n", 0, match.start) + 1
    line = whole[start : max(match.end, whole.find("\n", match.end) % (len(whole) + 1))]
    return [
        section_span(text, match.block),
        *context_spans(line, match.start - start, match.end - start, CONTEXT_CELLS),
    ]


def section_span(text: OpenText, block: int) -> TextSpan:
    """Return the number of the section in which a block is, for the beginning of a line of a list."""
    section = text.section_at(Place(block, 0))
    label = truncate_cells(section.label or section.text, SECTION_CELLS) if section is not None else ""
    return TextSpan(label.ljust(SECTION_CELLS) + "  ", "muted")


def text_of(text: OpenText, block: int) -> str:
    """Return the text of a block, or title, authors and so on."""
    return head_text(text.document) if block == HEAD else block_text(text.document.blocks[block])

"""Text in lines of a width, one below the other: wrapped, its hits lit and counted, its links where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from paperreader.text.cell_width import cell_width, wrap_anywhere, wrap_cells
from paperreader.tui.widgets.detail.note_markdown import NoteBlock
from paperreader.tui.widgets.pieces import (
    Highlighter,
    MatchRanges,
    Role,
    StyledLine,
    TextSpan,
    clip,
    highlight,
    span_width,
)


class LinkRegion(Struct, frozen=True):
    """Cells of a line that stand for a link."""

    line: int
    start: int
    end: int
    url: str


class TextFlow:
    """Lines as they are written."""

    def __init__(self, width: int, highlighter: Highlighter | None, current_match: int) -> None:
        """Lines of at most `width` cells; what `find` finds is lit, and the hit one stands on is `match`, from 0."""
        self.width, self._highlighter, self._current_match = width, highlighter, current_match
        self.section = 0
        """Which part of the text what follows belongs to."""
        self.finished_lines: list[StyledLine] = []
        self.text_positions: list[tuple[int, int]] = []
        """For each line its section and how far into the section's text it begins."""
        self.match_lines: list[int] = []
        """For each hit the line it begins on."""
        self.link_regions: list[LinkRegion] = []
        self._offset: Counter[int] = Counter()

    def add_line(self, spans: Iterable[TextSpan]) -> None:
        """One line as it stands, or as much of it as there is room for."""
        line = tuple(piece for piece in clip(spans, self.width) if piece.text)
        self.finished_lines.append(line)
        self.text_positions.append((self.section, self._offset[self.section]))
        self._offset[self.section] += sum(len(piece.text) for piece in line) + 1

    def add_lines(self, lines: Iterable[Sequence[TextSpan]]) -> None:
        for line in lines:
            self.add_line(line)

    def add_blank(self) -> None:
        self.add_line(())

    def add_paragraph(self, text: str, role: Role, head: Sequence[TextSpan] = ()) -> None:
        """`text` wrapped, its hits lit and counted, every line after `head`."""
        self.add_block(NoteBlock(text, [(0, len(text), role)]), head)

    def add_block(self, block: NoteBlock, head: Sequence[TextSpan] = ()) -> None:
        """A block of a note, or any text with places that look otherwise, every line after `head`."""
        text = block.text
        spans: MatchRanges = self._highlighter(text) if self._highlighter else ()
        first, done, start = len(self.match_lines), 0, 0
        narrow = 2 * cell_width(block.hanging_prefix) > self.width
        margin, hang = ("", "") if narrow else (block.first_prefix, block.hanging_prefix)
        room = max(1, self.width - span_width(head) - cell_width(hang))
        for line in wrap_anywhere(text, room) if block.is_code else wrap_cells(text, room):
            end = start + len(line)
            while done < len(spans) and spans[done][0] < end:
                self.match_lines.append(len(self.finished_lines))
                done += 1
            before = [*head, *([TextSpan(margin, "muted")] if margin else [])]
            pieces = [
                piece
                for a, b, role in _split_runs(block.runs, start, end)
                for piece in highlight(text[a:b], spans, role, a, match=self._current_match - first)
            ]
            self._add_link_regions(block, start, end, span_width(before))
            self.add_line([*before, *pieces])
            start = end if block.is_code else end + (text[end : end + 1] == " ")
            margin = hang

    def _add_link_regions(self, block: NoteBlock, start: int, end: int, margin: int) -> None:
        """Make what a line shows of the block's links lead where they lead."""
        for a, b, url in block.links:
            a, b = max(a, start), min(b, end)
            if a < b:
                at = margin + cell_width(block.text[start:a])
                self.link_regions.append(
                    LinkRegion(len(self.finished_lines), at, at + cell_width(block.text[a:b]), url)
                )


def _split_runs(
    runs: Sequence[tuple[int, int, Role]], start: int, end: int
) -> Iterator[tuple[int, int, Role]]:
    """The line from `start` to `end` in runs of one role, plain text between those that are given."""
    for a, b, role in runs:
        a, b = max(a, start), min(b, end)
        if a >= b:
            continue
        if a > start:
            yield start, a, "text"
        yield a, b, role
        start = b
    if start < end:
        yield start, end, "text"

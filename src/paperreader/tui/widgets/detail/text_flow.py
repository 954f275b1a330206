"""Text in lines of a width, one below the other: wrapped, its hits lit and counted, its links where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from paperreader.text.cell_width import cells, hard_wrap, wrap
from paperreader.tui.widgets.detail.note_markdown import Block
from paperreader.tui.widgets.pieces import Find, Line, Piece, Role, Spans, clipped, lit, width_of


class Target(Struct, frozen=True):
    """Cells of a line that stand for a link."""

    line: int
    start: int
    end: int
    url: str


class Page:
    """Lines as they are written."""

    def __init__(self, width: int, find: Find | None, match: int) -> None:
        """Lines of at most `width` cells; what `find` finds is lit, and the hit one stands on is `match`, from 0."""
        self.width, self._find, self._match = width, find, match
        self.section = 0
        """Which part of the text what follows belongs to."""
        self.out: list[Line] = []
        self.places: list[tuple[int, int]] = []
        """For each line its section and how far into the section's text it begins."""
        self.matches: list[int] = []
        """For each hit the line it begins on."""
        self.targets: list[Target] = []
        self._offset: Counter[int] = Counter()

    def line(self, pieces: Iterable[Piece]) -> None:
        """One line as it stands, or as much of it as there is room for."""
        line = tuple(piece for piece in clipped(pieces, self.width) if piece.text)
        self.out.append(line)
        self.places.append((self.section, self._offset[self.section]))
        self._offset[self.section] += sum(len(piece.text) for piece in line) + 1

    def lines(self, lines: Iterable[Sequence[Piece]]) -> None:
        for line in lines:
            self.line(line)

    def blank(self) -> None:
        self.line(())

    def paragraph(self, text: str, role: Role, head: Sequence[Piece] = ()) -> None:
        """`text` wrapped, its hits lit and counted, every line after `head`."""
        self.block(Block(text, [(0, len(text), role)]), head)

    def block(self, block: Block, head: Sequence[Piece] = ()) -> None:
        """A block of a note, or any text with places that look otherwise, every line after `head`."""
        text = block.text
        spans: Spans = self._find(text) if self._find else ()
        first, done, start = len(self.matches), 0, 0
        narrow = 2 * cells(block.hang) > self.width
        margin, hang = ("", "") if narrow else (block.first, block.hang)
        room = max(1, self.width - width_of(head) - cells(hang))
        for line in hard_wrap(text, room) if block.code else wrap(text, room):
            end = start + len(line)
            while done < len(spans) and spans[done][0] < end:
                self.matches.append(len(self.out))
                done += 1
            before = [*head, *([Piece(margin, "muted")] if margin else [])]
            pieces = [
                piece
                for a, b, role in _cut_at(block.runs, start, end)
                for piece in lit(text[a:b], spans, role, a, match=self._match - first)
            ]
            self._link_to(block, start, end, width_of(before))
            self.line([*before, *pieces])
            start = end if block.code else end + (text[end : end + 1] == " ")
            margin = hang

    def _link_to(self, block: Block, start: int, end: int, margin: int) -> None:
        """Make what a line shows of the block's links lead where they lead."""
        for a, b, url in block.links:
            a, b = max(a, start), min(b, end)
            if a < b:
                at = margin + cells(block.text[start:a])
                self.targets.append(Target(len(self.out), at, at + cells(block.text[a:b]), url))


def _cut_at(runs: Sequence[tuple[int, int, Role]], start: int, end: int) -> Iterator[tuple[int, int, Role]]:
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

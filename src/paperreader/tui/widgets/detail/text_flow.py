"""Flows text into lines of a given width: wraps it, highlights and counts matches, and records link regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from paperreader.models import FindMatches
from paperreader.text.cell_width import cell_width, wrap_anywhere, wrap_cells
from paperreader.tui.widgets.detail.note_markdown import NoteBlock
from paperreader.tui.widgets.text_line import (
    MatchRanges,
    Role,
    StyledLine,
    TextSpan,
    highlight,
    span_width,
    truncate,
)

MAX_TEXT_CHARS = 50_000
"""Of a text that is laid out, so that no key waits for it; `paperreader show` prints all of it."""


class LinkRegion(Struct, frozen=True):
    """Cells of a line that are a link."""

    line: int
    start: int
    end: int
    url: str


class TextFlow:
    """A growing list of lines of limited width."""

    def __init__(self, width: int, find_matches: FindMatches | None, current_match: int) -> None:
        """
        Args:
            width: cells of a line.
            find_matches: returns the ranges of a text that match the query.
            current_match: index of the selected match, which gets its own role; -1 for none.
        """
        self.width, self._find_matches, self._current_match = width, find_matches, current_match
        self.section = 0
        """The section of the lines that are added next."""
        self.finished_lines: list[StyledLine] = []
        self.text_positions: list[tuple[int, int]] = []
        """Section of each line and its offset in the text of the section."""
        self.match_lines: list[int] = []
        """The line of the start of each match."""
        self.link_regions: list[LinkRegion] = []
        self._offset: Counter[int] = Counter()

    def add_line(self, spans: Iterable[TextSpan]) -> None:
        """Add one line, clipped to the width."""
        line = tuple(span for span in truncate(spans, self.width, "") if span.text)
        self.finished_lines.append(line)
        self.text_positions.append((self.section, self._offset[self.section]))
        self._offset[self.section] += sum(len(span.text) for span in line) + 1

    def add_lines(self, lines: Iterable[Sequence[TextSpan]]) -> None:
        for line in lines:
            self.add_line(line)

    def add_blank(self) -> None:
        self.add_line(())

    def add_omitted(self, text: str) -> None:
        """Add how much of a text is not shown, if it is too long."""
        if (omitted := len(text) - MAX_TEXT_CHARS) > 0:
            self.add_blank()
            self.add_paragraph(f"{omitted:,} more characters, which `paperreader show` prints", "muted")

    def add_paragraph(self, text: str, role: Role, head: Sequence[TextSpan] = ()) -> None:
        """Add wrapped text with highlighted matches; every line starts with `head`."""
        self.add_block(NoteBlock(text, [(0, len(text), role)]), head)

    def add_block(self, block: NoteBlock, head: Sequence[TextSpan] = ()) -> None:
        """Add a block of styled text with highlighted matches; every line starts with `head`."""
        text = block.text
        spans: MatchRanges = self._find_matches(text) if self._find_matches else ()
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
            line_spans = [
                span
                for a, b, role in _split_runs(block.runs, start, end)
                for span in highlight(text[a:b], spans, role, a, match=self._current_match - first)
            ]
            self._add_link_regions(block, start, end, span_width(before))
            self.add_line([*before, *line_spans])
            start = end if block.is_code else end + (text[end : end + 1] == " ")
            margin = hang

    def _add_link_regions(self, block: NoteBlock, start: int, end: int, margin: int) -> None:
        """Record the regions of the block's links that are on a line."""
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
    """Yield the runs between `start` and `end`, with runs of role `text` in the gaps."""
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

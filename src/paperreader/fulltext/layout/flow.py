"""Running text: pieces as runs of characters in one style, and their distribution over lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from paperreader.fulltext.document import Piece
from paperreader.fulltext.layout.formulas import inline_math, superscript
from paperreader.fulltext.layout.lines import Span, SpanRole
from paperreader.text.cell_width import cell_width, wrap_anywhere
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.urls import safe_url

MAX_UNBROKEN_FORMULA = 16
"""Characters of a formula that is not broken at its blanks."""

_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\n|[^ \n]*?[A-Za-z]{3}-(?=[A-Za-z]{3})|[^ \n]+")
"""A word, a part of one that ends with a hyphen, or a forced line end."""
_NO_ALTERNATIVE = frozenset(("", "refer to caption", "image"))
_PUNCTUATION = frozenset(",;.:)]")
_UNBROKEN_BLANK = "\x01"

IsTarget = Callable[[str], bool]
"""Whether an anchor, without `#`, exists."""


class Run(NamedTuple):
    """Characters in one style."""

    text: str
    start: int
    end: int
    """The part of the text of the block that it shows."""
    role: SpanRole
    style: str
    target: str
    is_unbroken: bool


class Flow:
    """A growing text."""

    def __init__(self, *, raw: bool = False, is_target: IsTarget = lambda _: True, start: int = 0) -> None:
        """
        Args:
            raw: show formulas as TeX.
            is_target: links to other anchors are no links.
            start: offset of the text in the text of the block.
        """
        self._raw, self._is_target, self.start = raw, is_target, start
        self.runs: list[Run] = []
        self._parts: list[str] = []
        self._length = start

    @property
    def text(self) -> str:
        """The text of the block, from `start` on; the same for all options."""
        return "".join(self._parts)

    @property
    def end(self) -> int:
        """The offset after the text."""
        return self._length

    @property
    def shown(self) -> str:
        """The text as it is shown."""
        return "".join(run.text for run in self.runs)

    def add(
        self,
        text: str,
        role: SpanRole = "text",
        style: str = "",
        target: str = "",
        *,
        shown: str | None = None,
        is_unbroken: bool = False,
    ) -> None:
        """Add text. Blanks at the start of a line, and double ones, are dropped."""
        if text[:1] == " " and (not self._parts or self._parts[-1][-1] in " \n"):
            text = text[1:]
        if not text:
            return
        if text[0] in _PUNCTUATION and self.runs and self.runs[-1].target and self._parts[-1][-1] == " ":
            self._trim_link()
        self._parts.append(text)
        start, self._length = self._length, self._length + len(text)
        self.runs.append(
            Run(text if shown is None else shown, start, self._length, role, style, target, is_unbroken)
        )

    def _trim_link(self) -> None:
        """Remove blank and comma at the end of a link: converters leave them in citations without a year."""
        part, run = self._parts[-1], self.runs[-1]
        kept = part.rstrip(" ,")
        if kept and run.text == part:
            self._parts[-1] = kept
            self._length -= len(part) - len(kept)
            self.runs[-1] = run._replace(text=kept, end=self._length)

    def add_pieces(self, pieces: Iterable[Piece], role: SpanRole = "text", style: str = "") -> None:
        """Add pieces of a document. `role` is that of plain text; `style` is added to their own."""
        for piece in pieces:
            own = "".join(letter for letter in "bi" if letter in style or letter in piece.style)
            target = self._target(piece)
            if piece.kind == "math":
                formula, shown = inline_math(piece.text), None
                if self._raw:
                    shown = f"${single_line(piece.text)}$"
                short = len(formula) <= MAX_UNBROKEN_FORMULA and not self._raw
                math_role: SpanRole = "link" if target else "math" if role == "text" else role
                self.add(formula, math_role, own, target, shown=shown, is_unbroken=short)
            elif piece.kind == "image":
                alternative = single_line(piece.text)
                known = alternative.casefold() not in _NO_ALTERNATIVE
                self.add(f"[{alternative if known else 'image'}]", "link" if target else "muted", own, target)
            else:
                self._add_text(piece, role, own, target)

    def _add_text(self, piece: Piece, role: SpanRole, style: str, target: str) -> None:
        text = _BLANKS.sub(" ", sanitize(piece.text))
        for sign in "^_":
            if sign in piece.style:
                text = superscript(sign, text)
        if target:
            role = "link"
        elif "e" in piece.style:
            role = "error"
        elif "c" in piece.style and role == "text":
            role = "code"
        self.add(text, role, style, target)

    def _target(self, piece: Piece) -> str:
        target = piece.target
        if target.startswith("#"):
            return target if self._is_target(target[1:]) else ""
        return (safe_url(target) or "") if target else ""

    def lines(self, width: int) -> Iterator[tuple[Span, ...]]:
        """Yield the lines of at most `width` cells; at least one."""
        for _, spans in self.placed_lines(width):
            yield spans

    def placed_lines(self, width: int) -> Iterator[tuple[int, tuple[Span, ...]]]:
        """Yield the lines of at most `width` cells with the offsets at which they begin; at least one.

        In the middle of a formula that is shown as TeX, the offset is as far in the formula as the line in the TeX.
        """
        shown, offset = self.shown, self.start
        runs, index, run_start = self.runs, 0, 0
        for start, end in line_ranges(shown, self._breakable(shown), max(1, width)):
            spans: list[Span] = []
            while index < len(runs):
                run = runs[index]
                run_end = run_start + len(run.text)
                first, last = max(start, run_start), min(end, run_end)
                if first < last:
                    if not spans:
                        offset = offset_within(run.start, run.end, first - run_start, len(run.text))
                    spans.append(_span(run, first - run_start, last - run_start))
                if run_end > end:
                    break
                index, run_start = index + 1, run_end
            yield offset, tuple(spans)

    def _breakable(self, shown: str) -> str:
        """Return the shown text with a sign instead of each blank at which no line may end."""
        if not any(run.is_unbroken for run in self.runs):
            return shown
        return "".join(
            run.text.replace(" ", _UNBROKEN_BLANK) if run.is_unbroken else run.text for run in self.runs
        )


def offset_within(start: int, end: int, shown: int, size: int) -> int:
    """Return the offset in a part of a text for the first `shown` of the `size` characters that show it."""
    return start + (end - start) * shown // max(1, size)


def _span(run: Run, first: int, last: int) -> Span:
    if len(run.text) == run.end - run.start:
        return Span(
            run.text[first:last], run.role, run.style, run.start + first, run.start + last, run.target
        )
    return Span(run.text[first:last], run.role, run.style, run.start, run.end, run.target)


def line_ranges(text: str, breakable: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line of `text`, broken at the blanks of `breakable`; at least one line.

    A newline ends a line. A word that is too long is broken anywhere.
    """
    is_ascii = text.isascii()
    line_start, line_end, used, is_open = 0, 0, 0, False
    for found in _WORD.finditer(breakable):
        start, end = found.span()
        if found[0] == "\n":
            yield line_start, line_end
            line_start = line_end = end
            used, is_open = 0, False
            continue
        size = end - start if is_ascii else cell_width(text[start:end])
        if is_open and used + start - line_end + size <= width:
            used += start - line_end + size
            line_end = end
            continue
        if is_open:
            yield line_start, line_end
        if size > width:
            *full, rest = wrap_anywhere(text[start:end], width)
            for part in full:
                yield start, start + len(part)
                start += len(part)
            size = cell_width(rest)
        line_start, line_end, used, is_open = start, end, size, True
    yield line_start, line_end

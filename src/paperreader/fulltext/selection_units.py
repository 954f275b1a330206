"""What is selected with one key in a document: sentences, or lines as they are laid out."""

from __future__ import annotations

from collections.abc import Iterable

from paperreader.fulltext.document import AnyBlock, Reference
from paperreader.fulltext.layout.lines import Line
from paperreader.fulltext.passages import sentences

Range = tuple[int, int]
"""Start and end in the text of a block."""


def sentence_ranges(block: AnyBlock, text: str) -> list[Range]:
    """Return the sentences of a block with that text. Lines of code, rows and formulas count as sentences.

    A reference is one sentence, with its label.
    """
    if isinstance(block, Reference):
        return [_stripped(text, 0, len(text))] if text.strip() else []
    ranges: list[Range] = []
    start = 0
    for line in text.split("\n"):
        ranges += [(start + first, start + last) for first, last in sentences(line)]
        start += len(line) + 1
    return ranges


def line_ranges(lines: Iterable[Line], text: str) -> list[Range]:
    """Return what each line of a block shows, without white space around it.

    Lines that show the same, such as those of a formula in two dimensions, are one.
    """
    ranges: list[Range] = []
    for line in lines:
        spans = [span for span in line.spans if 0 <= span.start < span.end]
        if not spans:
            continue
        start, end = _stripped(text, min(span.start for span in spans), max(span.end for span in spans))
        if start >= end:
            continue
        if ranges and start < ranges[-1][1]:
            ranges[-1] = (min(start, ranges[-1][0]), max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def word_range(text: str, offset: int) -> Range:
    """Return the word at an offset; the character itself where there is none."""
    if not 0 <= offset < len(text) or text[offset].isspace():
        return max(0, min(offset, len(text))), max(0, min(offset, len(text)))
    start = end = offset
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _stripped(text: str, start: int, end: int) -> Range:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())

"""Group the lines of a PDF into paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from paperreader.fulltext.pdf.lines import Line

MAX_HEADING_LENGTH = 120
_MIN_LARGER = 1.07
"""How much larger than the text a heading is."""

HEADING_NUMBER = re.compile(
    r"([0-9]{1,2}(?:\.[0-9]{1,2}){0,3}|[A-Z](?:\.[0-9]{1,2}){1,3}|[IVX]{1,5})\.?\s+(?=[A-Z])"
)
NAMED_HEADINGS = re.compile(
    r"(?:abstract|introduction|conclusions?|references|bibliography|acknowledge?ments?|appendix|discussion"
    r"|related work)\W?",
    re.IGNORECASE,
)
_END_OF_SENTENCE = re.compile(r"[.!?:;][\"”’')\]]?(?:\s?\[?[0-9,\s]+\]?)?\Z")
_NEW_ITEM = re.compile(r"(?:\[[0-9]{1,3}\]|[•–∗]|\([a-z0-9]{1,2}\)|[0-9]{1,2}\.)\s")
_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|TABLE|Algorithm|Listing)\s+[0-9IVX]{1,4}[.:]\s")


class Group(NamedTuple):
    """Lines that belong together."""

    text: str
    is_heading: bool = False
    size: float = 0
    page: int = 0


def group_lines(lines: list[Line]) -> Iterator[Group]:
    """Yield headings and paragraphs."""
    if not lines:
        return
    body = _body_size(lines)
    pitch = _line_pitch(lines)
    group: list[Line] = []
    for line in lines:
        if group and _begins_group(group, line, body, pitch):
            yield _group(group, body)
            group = []
        group.append(line)
    yield _group(group, body)


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _line_pitch(lines: list[Line]) -> float:
    """Return the usual distance between two lines."""
    pairs = pairwise(lines)
    distances = Counter(
        round(above.bottom - below.bottom) for above, below in pairs if above.page == below.page
    )
    usual = [distance for distance, _ in distances.most_common(5) if 4 < distance < 40]
    return float(usual[0]) if usual else 12.0


def _begins_group(group: list[Line], line: Line, body: float, pitch: float) -> bool:
    last = group[-1]
    if _is_heading(line, body) != _is_heading(last, body) or _CAPTION.match(line.text):
        return True
    if _is_heading(line, body):
        return HEADING_NUMBER.match(line.text) is not None or abs(line.size - last.size) > 0.6
    if _NEW_ITEM.match(line.text) and (_NEW_ITEM.match(group[0].text) or _END_OF_SENTENCE.search(last.text)):
        return True
    distance = last.bottom - line.bottom
    if line.page != last.page or distance < -pitch:  # the next page or column
        return bool(_END_OF_SENTENCE.search(last.text)) and not line.text[:1].islower()
    if distance > pitch * 1.45:
        return not (line.text[:1].islower() and not _END_OF_SENTENCE.search(last.text))
    is_indented = 5 < line.left - last.left < 40 and (len(group) > 1 or last.left <= group[0].left)
    is_short = bool(_END_OF_SENTENCE.search(last.text)) and last.right < line.right - 60
    return (is_indented and bool(_END_OF_SENTENCE.search(last.text))) or is_short


def _is_heading(line: Line, body: float) -> bool:
    if len(line.text) > MAX_HEADING_LENGTH or not any(character.isalpha() for character in line.text):
        return False
    if line.size > body * _MIN_LARGER:
        return True
    if NAMED_HEADINGS.fullmatch(line.text):
        return True
    number = HEADING_NUMBER.match(line.text)
    if (
        number is None
        or line.size < body * 0.95
        or line.text.endswith((".", ",", ";"))
        or len(line.text) > 80
    ):
        return False
    words = line.text[number.end() :].split()
    # "3 Results and Discussion", not a line of a table or of a list.
    return (
        len(words) <= 12
        and not any(character.isdigit() for character in "".join(words))
        and words[0][:1].isupper()
    )


def _group(lines: list[Line], body: float) -> Group:
    text = lines[0].text
    for line in lines[1:]:
        # A hyphen that PDFium kept belongs to the word.
        text += line.text if text.endswith("-") and line.text[:1].isalpha() else f" {line.text}"
    return Group(
        text,
        _is_heading(lines[0], body) and len(text) <= 2 * MAX_HEADING_LENGTH,
        lines[0].size,
        lines[0].page,
    )

"""Tell titles from what follows them on a page of Hugging Face Papers without blank lines, whose lines may be wrapped.

Two things are evidence: the indentation, since text browsers indent headings less than paragraphs, and room: a line
that has room for the first word of the next one was not wrapped there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from paperreader.importers.daily_papers.cards import IncompletePage, LineJoiner

MIN_WRAPPED_WIDTH, MAX_WRAPPED_WIDTH = 60, 100
"""Programs wrap at the width of a terminal. Shorter and longer lines are those of a browser, which wraps none."""

MIN_WRAPPED_TITLES = 3
"""Fewer may be titles that are by chance as long as the longest line, with the name of an organization below."""

MAX_LONGEST_SHARE = 0.2
"""Share of titles that may be about as long as the longest one. At the width of a terminal, more are wrapped."""

MAX_TITLE_LINES, MIN_ABSTRACT_LINES = 3, 4

Lines = Sequence[str]


def separate_texts(
    groups: Sequence[Lines], following: Lines, join: LineJoiner, *, has_marks: bool
) -> list[list[str]]:
    """Return title, abstract and organization of each paper as one line each, as far as it has them.

    Args:
        groups: the lines of each paper, with their indentation.
        following: for each paper the line below, which may be the last one of a wrapped text; empty if it cannot be.
        join: joins the lines of one text.
        has_marks: whether the page has marks of lists and pictures, which a copy out of a browser has not.

    Raises:
        IncompletePage: it is not certain where a title ends.
    """
    width = _width(line for lines in groups for line in lines)
    if width <= MAX_WRAPPED_WIDTH and any(
        below and not has_room(lines[-1], below, width)
        for lines, below in zip(groups, following, strict=True)
    ):
        raise IncompletePage
    if len({_indent(line) for lines in groups for line in lines}) > 1:
        return _separate_by_indent(groups, join)
    several = [lines for lines in groups if len(lines) > 1]
    ends = [has_room(*pair, width) for lines in several for pair in pairwise(lines)]
    is_wrapped = MIN_WRAPPED_WIDTH <= width <= MAX_WRAPPED_WIDTH
    # In a copy out of a browser, the longest titles may have an organization below; wrapped titles would be more.
    are_few = ends.count(False) <= max(1, MAX_LONGEST_SHARE * len(groups))
    if not is_wrapped or all(ends) or (are_few and not has_marks):
        return [[line.strip() for line in lines] for lines in groups]
    if any(ends):
        return _separate_by_room(groups, width, join)
    if len(several) < MIN_WRAPPED_TITLES:
        raise IncompletePage
    return [[join(lines)] for lines in groups]


def _separate_by_room(groups: Sequence[Lines], width: int, join: LineJoiner) -> list[list[str]]:
    """Return the texts of papers that all have abstracts: a title without room at its end would be as long as one."""
    found: list[list[str]] = []
    for lines in groups:
        paragraphs = _paragraphs(lines, width)
        if (
            len(paragraphs) < 2
            or len(paragraphs[0]) > MAX_TITLE_LINES
            or len(paragraphs[1]) < MIN_ABSTRACT_LINES
        ):
            raise IncompletePage
        found.append([join(paragraph) for paragraph in paragraphs])
    return found


def _separate_by_indent(groups: Sequence[Lines], join: LineJoiner) -> list[list[str]]:
    """Return the texts of papers whose titles have another indentation than what follows them."""
    indent = _indent(groups[0][0])
    width = _width(line for lines in groups for line in lines if _indent(line) == indent)
    width_below = _width(line for lines in groups for line in lines if _indent(line) != indent)
    found: list[list[str]] = []
    are_certain: list[bool] = []
    has_wrapped_title = False
    for lines in groups:
        end = next((at for at, line in enumerate(lines) if _indent(line) != indent), len(lines))
        rest = lines[end:]
        if end == 0 or any(_indent(line) == indent for line in rest):
            raise IncompletePage
        wrapped = [not has_room(*pair, width) for pair in pairwise(lines[:end])]
        if not all(wrapped):
            raise IncompletePage
        has_wrapped_title = has_wrapped_title or bool(wrapped)
        are_certain.append(not rest or has_room(lines[end - 1], rest[0], width))
        found.append([join(lines[:end]), *map(join, _paragraphs(rest, width_below))])
    # Without a title of several lines, the lines that continue one may be indented.
    if not has_wrapped_title and not all(are_certain):
        raise IncompletePage
    return found


def _paragraphs(lines: Lines, width: int) -> list[list[str]]:
    """Return the lines of each paragraph, which ends where its last line has room."""
    found: list[list[str]] = [[]]
    for at, line in enumerate(lines):
        if at and has_room(lines[at - 1], line, width):
            found.append([])
        found[-1].append(line)
    return [paragraph for paragraph in found if paragraph]


def has_room(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would have had room at the end of a line."""
    return len(line) + 1 + len(following.split(None, 1)[0]) <= width


def _width(lines: Iterable[str]) -> int:
    return max(map(len, lines), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())

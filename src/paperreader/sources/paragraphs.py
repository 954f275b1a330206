"""A page's lines to pages of paragraphs, in either layout, each with the line it begins on."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from paperreader.sources import furniture
from paperreader.text.dates import month_day, written_year

WRAPPED_WIDTH = 200
"""Longer lines were not broken by hand or by a mailer."""

MOSTLY_BLANK = 0.6
"""Layout A has a blank line after most of its lines; one break inside an abstract does not make it layout B."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some text of a page: a title, an abstract, or a part of one."""

    line: int
    """Where it begins in the file, from 1."""
    text: str
    inner: bool = False
    """Whether only a line end, no blank line, parts it from the one before, on a page that uses blank lines."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day a page gives for what follows."""

    month: int
    day: int
    year: int | None


@dataclass(slots=True)
class Page:
    """Paragraphs between two pieces of furniture."""

    day: Day | None = None
    bannered: bool = False
    """Whether this is surely a Daily Papers page."""
    paragraphs: list[Paragraph] = field(default_factory=list)


def pages(text: str) -> list[Page]:
    """The pages of a file: a head or a day begins one. Furniture is dropped, everything else is in a paragraph."""
    found: list[Page] = []
    blocks: list[list[tuple[int, str]]] = []
    page = Page()
    in_head, at_start = True, True

    def close() -> None:
        page.paragraphs = _paragraphs([block for block in blocks if block])
        if page.paragraphs:
            found.append(page)
        blocks.clear()

    for number, raw in enumerate(text.split("\n"), 1):
        line = furniture.bare(raw)
        if not line:
            blocks.append([])
            continue
        if furniture.is_opening(line):
            if not in_head:
                close()
                page = Page()
            page.bannered = page.bannered or furniture.is_banner(line)
            in_head, at_start = True, False
            continue
        if parts := month_day(line):
            if not in_head:
                close()
                page = Page(bannered=page.bannered)
            page.day = Day(*parts, written_year(line))
            in_head = True
            continue
        if furniture.is_closing(line):
            continue
        if in_head:
            line = _first_title(line, page, at_start)
            in_head = at_start = False
            if not line:
                in_head = True
                continue
        if not blocks:
            blocks.append([])
        blocks[-1].append((number, line))
    close()
    return found


def _first_title(line: str, page: Page, at_start: bool) -> str:
    """The first line below a head, without the button that may be glued to it."""
    rest = furniture.without_glue(line)
    glued = len(rest) < len(line)
    if not glued:
        return line
    # Without a banner above, "Subscribers leave …" is a title; "SubscribeDeep Learning" is not.
    if page.bannered or (at_start and rest[:1].isupper()):
        page.bannered = True
        return rest
    return line


def _paragraphs(blocks: list[list[tuple[int, str]]]) -> list[Paragraph]:
    lines = sum(map(len, blocks))
    spaced = len(blocks) > 1 and len(blocks) >= lines * MOSTLY_BLANK
    found: list[Paragraph] = []
    for block in blocks:
        if len(block) > 1 and _is_wrapped([line for _, line in block]):
            found.append(Paragraph(block[0][0], "\n".join(line for _, line in block)))
            continue
        found += [
            Paragraph(number, line, inner=spaced and place > 0) for place, (number, line) in enumerate(block)
        ]
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are one paragraph broken to a width: no line had room for the next one's first word."""
    width = max(map(len, lines))
    if width > WRAPPED_WIDTH:
        return False
    return all(
        len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines)
    )

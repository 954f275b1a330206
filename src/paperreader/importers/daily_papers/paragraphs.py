"""A page's lines to pages of paragraphs, in either layout, each with the line it begins on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct, field

from paperreader.importers.daily_papers import boilerplate
from paperreader.text.dates import explicit_year, month_day

Block: TypeAlias = list[tuple[int, str]]
"""Lines that no blank line parts, with their numbers."""

NON_BLANK_LINE = re.compile(r"\S[^\n]*")
"""What stands on a line that is not blank."""

MAX_WRAPPED_WIDTH = 200
"""Longer lines were not broken by hand or by a mailer."""

MIN_BLANK_LINE_SHARE = 0.6
"""Layout A has a blank line after most of its lines; one break inside an abstract does not make it layout B."""


class Paragraph(Struct, frozen=True):
    """Some text of a page: a title, an abstract, or a part of one."""

    line: int
    """Where it begins in the file, from 1."""
    text: str
    is_same_block: bool = False
    """Whether only a line end, no blank line, parts it from the one before, on a page that uses blank lines."""


class PageDate(Struct, frozen=True):
    """The day a page gives for what follows."""

    month: int
    day: int
    year: int | None


class Page(Struct):
    """Paragraphs between two pieces of furniture."""

    date: PageDate | None = None
    has_banner: bool = False
    """Whether this is surely a Daily Papers page."""
    has_heading: bool = False
    """Whether a heading of such a page stands above, or its button and a day, which may be a chance."""
    paragraphs: list[Paragraph] = field(default_factory=list)


def split_pages(text: str) -> list[Page]:
    """The pages of a file: a head or a day begins one. Furniture is dropped, everything else is in a paragraph."""
    reader = _PageReader()
    for block in _blocks(text):
        reader.add_block(block)
    return reader.finish()


class _PageReader:
    """Puts blocks of lines into pages, furniture aside."""

    def __init__(self) -> None:
        self._found: list[Page] = []
        self._page = Page()
        self._blocks: list[Block] = []
        self._in_head = True
        self._at_start = True
        self._buttoned = False

    def add_block(self, block: Block) -> None:
        """Sort the lines between two blank lines into the page's head and its text."""
        kept: Block = []
        for number, line in block:
            # Within a block a lone word may be the end of a wrapped line ("Models"): only a head has furniture there.
            alone = len(block) == 1 or (self._in_head and not kept)
            if boilerplate.is_banner(line) or (alone and boilerplate.starts_page(line)):
                self._open(kept)
                kept = []
                self._page.has_banner = self._page.has_banner or boilerplate.is_banner(line)
                self._page.has_heading = self._page.has_heading or boilerplate.is_heading(line)
                self._buttoned = self._buttoned or boilerplate.is_button(line)
                self._at_start = False
            elif alone and (parts := month_day(line)):
                self._open(kept, bannered=self._page.has_banner)
                kept = []
                self._page.date = PageDate(*parts, explicit_year(line))
                self._page.has_heading = self._page.has_heading or self._buttoned
            elif not (alone and boilerplate.ends_page(line)):
                rest = self._without_button(line) if self._in_head else line
                if rest:
                    kept.append((number, rest))
                    self._in_head = self._at_start = False
        if kept:
            self._blocks.append(kept)

    def finish(self) -> list[Page]:
        """Every page that holds a paragraph."""
        self._close()
        return self._found

    def _open(self, kept: Block, *, bannered: bool = False) -> None:
        """Begin a page, unless only the head of one was seen so far."""
        if self._in_head:
            return
        if kept:
            self._blocks.append(kept)
        self._close()
        self._page = Page(has_banner=bannered)
        self._in_head, self._buttoned = True, False

    def _close(self) -> None:
        self._page.paragraphs = _paragraphs(self._blocks)
        if self._page.paragraphs:
            self._found.append(self._page)
        self._blocks = []

    def _without_button(self, line: str) -> str:
        """The first line below a head, without the button that may be glued to it."""
        rest = boilerplate.strip_button(line)
        # Without a banner above, "Subscribers leave ..." is a title; "SubscribeDeep Learning" is not.
        sure = self._page.has_banner or (self._at_start and rest[:1].isupper())
        if rest == line or self._buttoned or not sure:
            return line
        self._page.has_banner = self._buttoned = True
        return rest


def _blocks(text: str) -> Iterator[Block]:
    """Runs of lines without a blank line between them, each line with its number and without blanks at its ends."""
    block: Block = []
    for number, line in _heads_apart(text):
        if line:
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _heads_apart(text: str) -> list[tuple[int, str]]:
    """The lines of a file; where files were joined without a line end between them, heads on lines of their own.

    Of several blank lines in a row the first one stays.
    """
    found: list[tuple[int, str]] = []
    last = -1
    for number, line in _numbered(text):
        if not line and found and not found[-1][1]:
            continue
        if boilerplate.is_banner(line) and last >= 0:
            above, text = found[last]
            end = boilerplate.end_of_previous_page(text)
            if end is not None:
                found[last:] = [(above, end), (above, ""), (above, "new"), *found[last + 1 :]]
        if line:
            last = len(found)
        found.append((number, line))
    return found


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Lines, or the parts of lines that were joined, with their numbers; one blank line for each run of them.

    One at a time, and blank ones at the cost of counting: a file may have nothing else.
    """
    number, place = 1, 0
    for found in NON_BLANK_LINE.finditer(text):
        ends = text.count("\n", place, found.start())
        if ends > 1:
            yield number + 1, ""
        number, place = number + ends, found.start()
        for part in boilerplate.split_glued_banner(boilerplate.strip_decoration(found[0])):
            yield number, part


def _paragraphs(blocks: list[Block]) -> list[Paragraph]:
    lines = sum(map(len, blocks))
    spaced = len(blocks) > 1 and len(blocks) >= lines * MIN_BLANK_LINE_SHARE
    found: list[Paragraph] = []
    for block in blocks:
        if len(block) > 1 and _is_wrapped([line for _, line in block]):
            found.append(Paragraph(block[0][0], "\n".join(line for _, line in block)))
            continue
        found += [
            Paragraph(number, line, is_same_block=spaced and place > 0)
            for place, (number, line) in enumerate(block)
        ]
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are one paragraph broken to a width: no line had room for the next one's first word."""
    width = max(map(len, lines))
    if width > MAX_WRAPPED_WIDTH:
        return False
    return all(
        len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines)
    )

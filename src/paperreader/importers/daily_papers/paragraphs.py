"""Split a file into pages of paragraphs, in either layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct, field

from paperreader.importers.daily_papers import boilerplate
from paperreader.text.dates import explicit_year, month_day

Block: TypeAlias = list[tuple[int, str]]
"""Lines without a blank line between them, with their numbers."""

NON_BLANK_LINE = re.compile(r"\S[^\n]*")
"""The text of a line that is not blank."""

MAX_WRAPPED_WIDTH = 200
"""Longer lines were not wrapped by hand or by a mail program."""

MIN_BLANK_LINE_SHARE = 0.6
"""Share of blocks per line from which a page is layout A, with a blank line after most of its lines."""


class Paragraph(Struct, frozen=True):
    """A title, an abstract, or a part of one."""

    line: int
    """Line of the file it begins on, from 1."""
    text: str
    is_same_block: bool = False
    """Whether no blank line separates it from the previous one, on a page that uses blank lines."""


class PageDate(Struct, frozen=True):
    """The date that a page shows above its papers."""

    month: int
    day: int
    year: int | None


class Page(Struct):
    """The paragraphs of one page, without boilerplate."""

    date: PageDate | None = None
    has_banner: bool = False
    """Whether it is certainly a Daily Papers page."""
    has_heading: bool = False
    """Whether it begins with the heading of such a page, or its button and a date, which may be coincidence."""
    paragraphs: list[Paragraph] = field(default_factory=list)


def split_pages(text: str) -> list[Page]:
    """Return the pages of a file. A header or a date begins one; everything but boilerplate is in a paragraph."""
    page_reader = _PageReader()
    for block in _blocks(text):
        page_reader.add_block(block)
    return page_reader.finish()


class _PageReader:
    """Assigns blocks of lines to pages, and drops boilerplate."""

    def __init__(self) -> None:
        self._found: list[Page] = []
        self._page = Page()
        self._blocks: list[Block] = []
        self._in_header = True
        self._at_start = True
        self._has_button = False

    def add_block(self, block: Block) -> None:
        """Assign the lines between two blank lines to the header and the text of the page."""
        lines: Block = []
        for number, line in block:
            # Inside a block one word may be the end of a wrapped line ("Models"), unless it is the header.
            alone = len(block) == 1 or (self._in_header and not lines)
            if boilerplate.is_banner(line) or (alone and boilerplate.starts_page(line)):
                self._begin_page(lines)
                lines = []
                self._page.has_banner = self._page.has_banner or boilerplate.is_banner(line)
                self._page.has_heading = self._page.has_heading or boilerplate.is_heading(line)
                self._has_button = self._has_button or boilerplate.is_button(line)
                self._at_start = False
            elif alone and (parts := month_day(line)):
                self._begin_page(lines, has_banner=self._page.has_banner)
                lines = []
                self._page.date = PageDate(*parts, explicit_year(line))
                self._page.has_heading = self._page.has_heading or self._has_button
            elif not (alone and boilerplate.ends_page(line)):
                rest = self._without_button(line) if self._in_header else line
                if rest:
                    lines.append((number, rest))
                    self._in_header = self._at_start = False
        if lines:
            self._blocks.append(lines)

    def finish(self) -> list[Page]:
        """Return every page that has a paragraph."""
        self._end_page()
        return self._found

    def _begin_page(self, lines: Block, *, has_banner: bool = False) -> None:
        """Begin a page, unless only the header of one was read so far."""
        if self._in_header:
            return
        if lines:
            self._blocks.append(lines)
        self._end_page()
        self._page = Page(has_banner=has_banner)
        self._in_header, self._has_button = True, False

    def _end_page(self) -> None:
        self._page.paragraphs = _paragraphs(self._blocks)
        if self._page.paragraphs:
            self._found.append(self._page)
        self._blocks = []

    def _without_button(self, line: str) -> str:
        """Return the first line below a header, without the button that may precede it directly."""
        rest = boilerplate.strip_button(line)
        # Without a banner above, "Subscribers leave ..." is a title; "SubscribeDeep Learning" is not.
        sure = self._page.has_banner or (self._at_start and rest[:1].isupper())
        if rest == line or self._has_button or not sure:
            return line
        self._page.has_banner = self._has_button = True
        return rest


def _blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a file; lines are stripped."""
    block: Block = []
    for number, line in _lines_with_headers(text):
        if line:
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _lines_with_headers(text: str) -> list[tuple[int, str]]:
    """Return the lines of a file. Headers get lines of their own if files were concatenated without a newline.

    Of consecutive blank lines only the first one is returned.
    """
    found: list[tuple[int, str]] = []
    last = -1
    for number, line in _numbered_lines(text):
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


def _numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines, or the parts of joined lines, with their numbers; consecutive blank lines as one.

    Blank lines are only counted, since a file may have millions of them.
    """
    number, offset = 1, 0
    for found in NON_BLANK_LINE.finditer(text):
        ends = text.count("\n", offset, found.start())
        if ends > 1:
            yield number + 1, ""
        number, offset = number + ends, found.start()
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
            Paragraph(number, line, is_same_block=spaced and index > 0)
            for index, (number, line) in enumerate(block)
        ]
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines are one wrapped paragraph: no line had room for the first word of the next one."""
    width = max(map(len, lines))
    if width > MAX_WRAPPED_WIDTH:
        return False
    return all(
        len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines)
    )

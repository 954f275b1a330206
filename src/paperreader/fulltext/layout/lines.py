"""Lines of a laid out document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

SpanRole = Literal[
    "text",
    "title",
    "heading",
    "label",
    "muted",
    "rule",
    "link",
    "math",
    "code",
    "note",
    "error",
    "picture",
]
"""What a span is, for the style sheet: `label` names a caption, theorem or reference, `note` is a footnote, `error` a
macro that the converter of the page did not understand, `picture` a row of a picture (see `PictureRow`)."""

HEAD = -1
"""The index of title, authors and facts, which are no blocks."""


class Span(NamedTuple):
    """A text in one style."""

    text: str
    role: SpanRole = "text"
    style: str = ""
    """Letters: `b` bold, `i` italic."""
    start: int = -1
    """Offset in the text of the block (see `block_text`); -1 for decoration, such as rules and margins."""
    end: int = -1
    """Where the part of the block ends that the span shows. Where it is as long as `text`, it is the same characters,
    except in a formula (`math`); otherwise (as TeX or in two dimensions) the span shows all of that part."""
    target: str = ""
    """`#anchor` or a URL."""
    picture: PictureRow | None = None


class PictureRow(NamedTuple):
    """Which part of which picture a span shows. The span has no text of its own."""

    url: str
    columns: int
    rows: int
    """Cells that the picture may take."""
    row: int


class Line(NamedTuple):
    """A line of a document."""

    spans: tuple[Span, ...]
    block: int
    """Index of the block, or `HEAD`."""
    offset: int
    """Offset of its first character in the text of the block; -1 for a blank line before the block."""
    width: int = 0
    """Cells, for a line that may be wider than the layout; 0 for others."""
    fixed: int = 0
    """Cells at its start that stay where they are when it is scrolled sideways."""
    stops: tuple[int, ...] = ()
    """The cells at which its columns begin, for a line that is wider than the layout."""


class Place(NamedTuple):
    """A place in a document, which means the same in every layout of it."""

    block: int = HEAD
    offset: int = -1


class LayoutGlyphs(Struct, frozen=True):
    """The symbols of a layout."""

    horizontal: str = "─"
    vertical: str = "│"
    crossing: str = "┼"
    bullet: str = "•"
    separator: str = "·"
    ellipsis: str = "…"


UNICODE_GLYPHS = LayoutGlyphs()
ASCII_GLYPHS = LayoutGlyphs("-", "|", "+", "-", "-", "..")


class LayoutOptions(Struct, frozen=True):
    """How a document is laid out."""

    width: int = 80
    """Cells of a line of running text."""
    max_width: int = 80
    """Cells that a table may take before its columns are made narrower; at least `width`."""
    raw: bool = False
    """Show formulas as TeX."""
    glyphs: LayoutGlyphs = UNICODE_GLYPHS
    picture_rows: int = 0
    """Lines that a picture may take; 0 for none."""
    why_no_pictures: str = ""
    """Shown where there is a picture, if `picture_rows` is 0."""
    authors_hint: str = ""
    """How to see all lines about the authors. If it is not empty and they are many, only their names are shown."""
    failed_pictures: frozenset[str] = frozenset()
    """Addresses of pictures that cannot be shown. They take only as many lines as a message needs."""


def link_parts(line: Line) -> Iterator[tuple[int, Span]]:
    """Yield the spans of a line that are links, with their indexes."""
    for index, span in enumerate(line.spans):
        if span.target:
            yield index, span

r"""Split Markdown, as programs make it of web pages, into links and the text between them.

CommonMark 0.31, 6.3 (links), 4.2 and 4.3 (headings), 2.4 (escapes). Programs do not follow it to the letter: a link may
contain blank lines and list items, a line break in it is `\\`, and brackets in it may be unescaped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

MAX_LINK_CHARS = 50_000
"""Characters of the text of one link; an abstract has two thousand."""

_ESCAPE = re.compile(r"\\([\\`*_\[\]()#+\-.!|<>~=])")
_HARD_BREAK = re.compile(r"\\{2}(?=\n|  )|\\(?=\n[ \t]*[^\s]|  )")
"""One backslash at the end of a paragraph is no break but part of its text, see CommonMark 6.7."""
_BRACKET = re.compile(r"\\.|!\[|\[|\]", re.DOTALL)
_TARGET = re.compile(
    r"\(\s{0,9}<?((?:[^\s()<>]|\([^\s()<>]{0,200}\)){0,2000})>?"
    r"(?:\s{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\s{0,9}\)"
)
_ATTRIBUTES = re.compile(
    r"\{(?:\s{0,9}(?:[.#][^\s{}\"]{1,100}|[\w:-]{1,40}=(?:\"[^\"\n]{0,300}\"|[^\s{}\"]{1,100})))+\s{0,9}\}"
)
"""What pandoc writes after a link: `{.class width="10"}`."""

_REFERENCE = re.compile(r"\[([^\[\]\n]{1,60})\]")
_DEFINITION = re.compile(
    r"(?m)^ {0,3}\[([^\[\]\n]{1,60})\]:[ \t]{1,9}<?([^\s<>]{1,2000})>?(?:[ \t]{1,9}\"[^\"\n]{0,500}\")?[ \t]*$"
)
_ATX_HEADING = re.compile(r"(?m)^[ >]{0,4}(#{1,6})[ \t]")
_SETEXT_HEADING = re.compile(r"(?m)^(?=\S)[^\n]+\n {0,3}(=|-)\1{2,}[ \t]*$")


class Link(Struct, frozen=True):
    """A link and its place in the document."""

    start: int
    end: int
    text_start: int
    text_end: int
    url: str
    is_image: bool


class Segment(Struct, frozen=True):
    """A link, or the text between two links."""

    text: str
    """Its text without escapes and images, in its lines."""
    url: str
    """Where the link leads; empty for text between links."""
    line: int
    """The line it begins on, from 1."""
    level: int = 0
    """The level of the heading it is in, or 0."""
    source: str = ""
    """Its text with escapes; empty if it is no Markdown."""


def link_definitions(text: str) -> Mapping[str, str]:
    """Return the URLs of a document that its links refer to by a name or number, by that in lower case."""
    return {name.lower(): url for name, url in _DEFINITION.findall(text)}


def without_definitions(text: str) -> str:
    """Return a document with blank lines instead of the definitions of its links."""
    return _DEFINITION.sub("", text)


def split_links(text: str, definitions: Mapping[str, str]) -> list[Segment]:
    """Return the links and the texts of a document or a part of it, in their order. Linear time."""
    links = list(_iter_links(text, definitions))
    levels = _heading_levels(text)
    line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
    images = sorted((link for link in links if link.is_image), key=lambda link: link.start)
    found: list[Segment] = []
    done = 0
    for link in _outermost([link for link in links if not link.is_image]):
        found += _segment(text, done, link.start, "", images, levels, line_starts)
        found += _segment(text, link.text_start, link.text_end, link.url, images, levels, line_starts)
        done = link.end
    found += _segment(text, done, len(text), "", images, levels, line_starts)
    return found


def unescape(text: str) -> str:
    r"""Return Markdown without backslashes before punctuation, and without hard line breaks."""
    return _ESCAPE.sub(r"\1", _HARD_BREAK.sub("", text)) if "\\" in text else text


def _segment(
    text: str,
    start: int,
    end: int,
    url: str,
    images: Sequence[Link],
    levels: Mapping[int, int],
    line_starts: Sequence[int],
) -> Iterator[Segment]:
    source = _HARD_BREAK.sub("", _without_images(text, start, end, images))
    content = unescape(source)
    if url:
        content = content.strip()
    elif not content.strip():
        return
    line = bisect_right(line_starts, start)
    yield Segment(content, url, line, levels.get(line, 0), source)


def _without_images(text: str, start: int, end: int, images: Sequence[Link]) -> str:
    pieces = []
    for image in images[bisect_right(images, start - 1, key=lambda image: image.start) :]:
        if image.start >= end:
            break
        if image.start >= start:
            pieces.append(text[start : image.start])
            start = max(start, image.end)
    return "".join([*pieces, text[start:end]])


def _iter_links(text: str, definitions: Mapping[str, str]) -> Iterator[Link]:
    """Yield every link and image in the order of their ends."""
    opened: list[tuple[int, bool]] = []
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in ("[", "!["):
            opened.append((bracket.start(), bracket[0] == "!["))
        elif bracket[0] == "]" and opened:
            at = bracket.end()
            start, is_image = opened[-1]
            target = _TARGET.match(text, at)
            url = target[1] if target else ""
            if target is None and definitions and (target := _REFERENCE.match(text, at)):
                url = definitions.get(target[1].lower(), "")
            if bracket.start() - start > MAX_LINK_CHARS:
                opened.clear()
                continue
            opened.pop()
            if target is not None and (url or is_image):
                attributes = _ATTRIBUTES.match(text, target.end())
                end = attributes.end() if attributes else target.end()
                yield Link(start, end, start + (2 if is_image else 1), bracket.start(), url, is_image)


def _outermost(links: Sequence[Link]) -> list[Link]:
    """Return the links that are not inside another one, in their order."""
    found: list[Link] = []
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        if not found or link.start >= found[-1].end:
            found.append(link)
    return found


def _heading_levels(text: str) -> dict[int, int]:
    """Return the level of each line that is a heading."""
    levels: dict[int, int] = {}
    line, counted = 1, 0
    for pattern in (_ATX_HEADING, _SETEXT_HEADING):
        line, counted = 1, 0
        for found in pattern.finditer(text):
            line += text.count("\n", counted, found.start())
            counted = found.start()
            levels[line] = len(found[1]) if found[1][0] == "#" else 1 if found[1] == "=" else 2
    return levels

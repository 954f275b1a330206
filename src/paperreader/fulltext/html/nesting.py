"""A cheap check of how deeply the elements of a page are nested.

The parser (lexbor) needs time with the square of the nesting: 20,000 nested elements take 0.5 seconds, 200,000 take
minutes. Papers nest 16 to 42 deep. The check can be deceived; the limits of the process that converts cannot.
"""

from __future__ import annotations

import re

from paperreader.fulltext.errors import NotAFullText

MAX_NESTING = 1_000

_TAG = re.compile(rb"""<(/?)([A-Za-z][^\s/>]{0,40}+)(?:[^"'>]++|"[^"]*+"|'[^']*+')*+(>?)""")
"""The values of attributes contain formulas, with `<` and `>`. A tag that never ends matches as well, so that the
search goes on behind it: time is linear.
"""

_NOT_PARSED = re.compile(
    rb"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)|<style\b.*?(?:</style|\Z)", re.IGNORECASE | re.DOTALL
)
"""Comments, scripts and styles, in which tags are text."""

_NEVER_CLOSED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot"
    b" option colgroup html head body".split()
)
"""Elements without content, and those that the next one of their kind closes."""

_SLASH = ord("/")
_SHAPES = frozenset(
    b"path rect circle ellipse line polyline polygon use stop image mspace none mprescripts".split()
)
"""Elements of SVG and MathML that are written `<path/>`; in HTML such a slash means nothing."""


def check_nesting(page: bytes) -> None:
    """Raise `NotAFullText` for a page that is too deeply nested to be parsed."""
    if is_nested_deeper(page, MAX_NESTING):
        raise NotAFullText(
            f"The page has more than {MAX_NESTING} elements inside each other; that is not a paper."
        )


def is_nested_deeper(page: bytes, limit: int) -> bool:
    """Whether more than `limit` elements are open at any point of the page."""
    page = _NOT_PARSED.sub(b"", page)
    open_by_name: dict[bytes, int] = {}
    depth = 0
    for found in _TAG.finditer(page):
        closes, name, end = found.groups()
        if not end:
            continue
        name = name.lower()
        if name in _NEVER_CLOSED or (name in _SHAPES and page[found.end() - 2] == _SLASH):
            continue
        if not closes:
            open_by_name[name] = open_by_name.get(name, 0) + 1
            depth += 1
            if depth > limit:
                return True
        elif open_by_name.get(name):
            # An end tag without a start tag is ignored by parsers.
            open_by_name[name] -= 1
            depth -= 1
    return False

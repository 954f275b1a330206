"""Split HTML into tags and text, in linear time and without ever failing.

Follows the tokenization of the HTML standard (13.2.5) where saved pages need it: comments, attributes with and without
quotes, and elements whose content is no markup. `html.parser` of the standard library needs ten times as long, and
quadratic time for some malformed pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from msgspec import Struct

MAX_ATTRIBUTES_CHARS = 200_000
"""Longer attributes, such as the data of a page for its scripts, are not parsed."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s{0,99}=\s{0,99}(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>`=]++)))?", re.ASCII
)
_RAW_TEXT = frozenset(("script", "style", "textarea", "title", "template", "noscript", "iframe"))
_NOT_SHOWN = _RAW_TEXT - {"title"}
VOID = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
        ),
        "param",
    )
)
"""Elements without content and end tag."""


class Token(Struct, frozen=True):
    """A tag, or text if it has no name."""

    name: str = ""
    """Name of the tag in lower case."""
    text: str = ""
    """The text, without character references."""
    is_end: bool = False
    source: str = ""
    """The attributes as they are written."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attributes by their name in lower case; of several with one name, the first."""
        found: dict[str, str] = {}
        if len(self.source) <= MAX_ATTRIBUTES_CHARS:
            for name, double, single, bare in _ATTRIBUTE.findall(self.source):
                found.setdefault(name.lower(), unescape(double or single or bare))
        return found


def iter_tokens(html: str) -> Iterator[Token]:
    """Yield the tags and texts of a page. Scripts, styles, comments and hidden alternatives are left out."""
    at = 0
    while at < len(html):
        opening = html.find("<", at)
        if opening < 0:
            yield Token(text=unescape(html[at:]))
            return
        if opening > at:
            yield Token(text=unescape(html[at:opening]))
        if html.startswith("<!--", opening):
            end = html.find("-->", opening + 4)
            at = len(html) if end < 0 else end + 3
            continue
        tag = _TAG.match(html, opening)
        if tag is None:
            at = _skip_other_markup(html, opening)
            if at == opening + 1:
                yield Token(text="<")
            continue
        at = tag.end()
        name = tag[2].lower()
        yield Token(name, is_end=bool(tag[1]), source=tag[3])
        if name in _RAW_TEXT and not tag[1] and not tag[3].endswith("/"):
            end = _raw_text_end(html, name, at)
            if name not in _NOT_SHOWN and end > at:
                yield Token(text=unescape(html[at:end]))
            at = end


def _skip_other_markup(html: str, at: int) -> int:
    """Return the offset after a declaration (`<!doctype …>`) or an instruction, else after a bracket that is text."""
    if html[at + 1 : at + 2] not in ("!", "?"):
        return at + 1
    end = html.find(">", at)
    return len(html) if end < 0 else end + 1


def _raw_text_end(html: str, name: str, at: int) -> int:
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
    return end.start() if end else len(html)

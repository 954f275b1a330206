"""Running text as Markdown: formulas as `$TeX$`, styles, links, and references to footnotes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from paperreader.fulltext.document import Piece, Text
from paperreader.text.markdown import escape_markdown
from paperreader.text.sanitize import single_line
from paperreader.text.urls import safe_url

_MARKERS = {"b": "**", "i": "*"}
_TAGS = {"^": "sup", "_": "sub"}
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_UNESCAPED_DOLLAR = re.compile(r"(?<!\\)(?:\\\\)*\$")


def inline_markdown(text: Text, footnotes: Mapping[str, str]) -> str:
    """Return a text on one line.

    Args:
        text: the pieces.
        footnotes: the names of the footnotes by their anchors.
    """
    return " ".join("".join(_piece(piece, footnotes) for piece in text).split())


def tex_markdown(tex: str) -> str:
    """Return TeX on one line without what a program that does not know formulas would take for HTML or a link."""
    line = " ".join(single_line(tex).split())
    return line.replace("<", r"\lt ").replace(">", r"\gt ").replace("](", "] (")


def plain_text(text: Text) -> str:
    """Return a text without styles, on one line; formulas are TeX."""
    return " ".join("".join(piece.text for piece in text).split())


def code_span(text: str) -> str:
    """Return a text as code (CommonMark 0.31, 6.1)."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _piece(piece: Piece, footnotes: Mapping[str, str]) -> str:
    anchor = piece.target.removeprefix("#") if piece.target.startswith("#") else ""
    if anchor in footnotes:
        return f"[^{footnotes[anchor]}]"
    found = _EDGES.fullmatch(piece.text)
    assert found is not None, "it matches every text"
    before, text, after = found.groups()
    if piece.kind == "image":
        url = safe_url(piece.target)
        return f"![{escape_markdown(text)}](<{url}>)" if url else escape_markdown(text)
    if not text:
        return piece.text
    shown = _math(text) if piece.kind == "math" else _styled(text, piece.style)
    if not anchor and (url := safe_url(piece.target)):
        shown = f"[{shown}](<{url}>)"
    return f"{before}{shown}{after}"


def _math(tex: str) -> str:
    line = tex_markdown(tex)
    return code_span(single_line(tex)) if _UNESCAPED_DOLLAR.search(line) else f"${line}$"


def _styled(text: str, style: str) -> str:
    shown = code_span(single_line(text)) if "c" in style else escape_markdown(text)
    for letter, marker in _MARKERS.items():
        if letter in style:
            shown = f"{marker}{shown}{marker}"
    for letter, tag in _TAGS.items():
        if letter in style:
            shown = f"<{tag}>{shown}</{tag}>"
    return shown

"""Convert listings, in which spaces count, and algorithms, in which they do not."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from paperreader.fulltext.document import Code, CodeLine, Piece, Text
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.nodes import (
    TEXT,
    Node,
    attribute,
    children,
    classes,
    find,
    plain_text,
    raw_text,
)
from paperreader.fulltext.html.shapes import merge_style, shape_of

_LANGUAGE = re.compile(r"ltx_lst_language_(.+)")
_WIDE = {
    **{
        "\u2003": 24,
        "\u2001": 24,
        "\u2002": 12,
        "\u2000": 12,
        "\u2007": 12,
        "\u2004": 8,
        "\u2005": 6,
        "\u2008": 6,
    },
    **{"\xa0": 6, "\u205f": 5, "\u2009": 5, "\u202f": 5, "\u2006": 4, "\u200a": 2},
}
"""Blanks that a browser shows, and their widths in 24ths of an em. LaTeXML composes indents of them."""

_SAME_WIDTH = 4
"""Difference of widths that is no other level."""

_STARTS = re.compile(
    r"(?:for|while|if|repeat|function|procedure|loop|forall|foreach|switch)\b", re.IGNORECASE
)
_MIDDLE = re.compile(r"(?:else|elif|elseif|elsif)\b", re.IGNORECASE)
_ENDS = re.compile(r"(?:end|until)\b", re.IGNORECASE)
_SHOWN_DIFFERENTLY = str.maketrans({"␣": "", "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})
_MAX_LEVELS = 12
_MAX_NESTED = 8


def convert_listing(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a listing or algorithm into one block."""
    names = classes(node)
    language = next((found[1] for name in names if (found := _LANGUAGE.fullmatch(name))), "")
    is_algorithm = "ltx_lstlisting" not in names and not language
    collected = _Lines(flow, is_algorithm, "".join(letter for letter in style if letter != "c"))
    collected.add_listing(node)
    lines = collected.lines
    if is_algorithm:
        lines = _with_indents(lines, collected.widths)
    else:
        source = _source(node)
        lines = _dedented(_with_spaces_of(lines, source) if source is not None else lines)
    if lines:
        flow.emit(Code(lines=tuple(lines), is_algorithm=is_algorithm, language=language))
    for caption in collected.captions:
        flow.convert(caption, "", "")


def convert_verbatim(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert preformatted text."""
    text = raw_text(node).replace("\xa0", " ").replace("\r", "")
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    if any(lines):
        flow.emit(Code(lines=tuple(CodeLine((Piece(line),) if line else ()) for line in lines)))


class _Lines:
    """The lines of a listing, also of those inside its lines."""

    def __init__(self, flow: Flow, is_algorithm: bool, style: str) -> None:
        self._flow = flow
        self._is_algorithm = is_algorithm
        self._style = style
        self.lines: list[CodeLine] = []
        self.widths: list[int] = []
        """Of the blanks at the beginning of each line."""
        self.captions: list[Node] = []

    def add_listing(self, node: Node, depth: int = 0) -> None:
        if depth > _MAX_NESTED:
            self._add_plain(node)
            return
        for child in children(node):
            names = classes(child) if (child.tag or "-")[0] != "-" else frozenset()
            if child.tag == TEXT:
                if (text := child.text_content or "").strip():
                    self._add((Piece(" ".join(text.split())),), "", 0)
            elif "ltx_listingline" in names:
                self._add_line(child, depth)
            elif "ltx_listing" in names:
                self.add_listing(child, depth + 1)
            elif "ltx_caption" in names:
                self.captions.append(child)
            elif (child.tag or "-")[0] != "-" and "ltx_listing_data" not in names:
                self._add_other(child, depth)

    def _add_plain(self, node: Node) -> None:
        for line in raw_text(node).split("\n"):
            if line.strip():
                self._add((Piece(line.strip()),), "", 0)

    def _add_other(self, node: Node, depth: int) -> None:
        if find(node, ".ltx_listingline") is not None:
            self.add_listing(node, depth + 1)
        else:
            for line in self._flow.lines_of(node):
                self._add(line, "", 0)

    def _add_line(self, node: Node, depth: int) -> None:
        if (name := attribute(node, "id")) in self._flow.page.wanted and name:
            self._flow.anchors.append(name)
        if find(node, ".ltx_listingline, .ltx_listing") is not None:
            self.add_listing(node, depth + 1)
            return
        number = ""
        if (tag := find(node, ".ltx_tag_listingline")) is not None:
            number = plain_text(tag).rstrip(": ")
            self._flow.page.skipped.add(tag.mem_id)
        if self._is_algorithm:
            lines = self._flow.lines_of(node, self._style)
            width = _leading_width(node, tag)
            for index, line in enumerate(lines):
                self._add(_strip(line), "" if index else number, width)
            if not lines and number:
                self._add((), number, width)
        else:
            self._add(_code_pieces(self._flow, node, tag), number, 0)

    def _add(self, content: Text, number: str, width: int) -> None:
        self.lines.append(CodeLine(content, number))
        self.widths.append(width)


def _strip(line: Text) -> Text:
    pieces = list(line)
    while pieces and pieces[0].kind == "text":
        if rest := pieces[0].text.lstrip():
            pieces[0] = Piece(rest, "text", pieces[0].style, pieces[0].target)
            break
        pieces.pop(0)
    return tuple(pieces)


def _leading_width(node: Node, tag: Node | None) -> int:
    """Return the width of the blanks at the beginning of a line."""
    text = raw_text(node)
    if tag is not None:
        text = text.replace(raw_text(tag), "", 1)
    blanks = text[: len(text) - len(text.lstrip())]
    return sum(_WIDE.get(blank, 0) for blank in blanks)


def _code_pieces(flow: Flow, node: Node, tag: Node | None) -> Text:
    """Return a line of code with all its spaces."""
    pieces: list[Piece] = []

    def add(inner: Node, style: str, depth: int) -> None:
        for child in children(inner):
            if child.tag == TEXT:
                text = (child.text_content or "").replace("\xa0", " ").replace("\n", "")
                if pieces and pieces[-1].style == style:
                    text = pieces.pop().text + text
                pieces.append(Piece(text, "text", style))
            elif (child.tag or "-")[0] != "-" and (tag is None or child.mem_id != tag.mem_id):
                shape = shape_of(child.tag or "", attribute(child, "class"))
                if shape.kind in ("math", "note") or depth > 20:
                    pieces.extend(flow.text_of(inner) if depth > 20 else _converted(flow, child))
                else:
                    add(child, merge_style(style, shape).replace("c", ""), depth + 1)

    add(node, "", 0)
    return tuple(piece for piece in pieces if piece.text)


def _converted(flow: Flow, node: Node) -> Text:
    inner = Flow(flow.page)
    inner.convert(node, "", "")
    inner.flush()
    return tuple(piece for line in flow.lines_from(inner) for piece in line)


def _source(node: Node) -> list[str] | None:
    """Return the lines of the copy of the whole text, which has all spaces."""
    link = find(node, '.ltx_listing_data a[href^="data:"]')
    if link is None:
        return None
    kind, _, data = attribute(link, "href").partition(",")
    try:
        content = base64.b64decode(data, validate=False) if ";base64" in kind else unquote_to_bytes(data)
    except (binascii.Error, ValueError):  # the lines have the text as well
        return None
    return content.decode("utf-8", "replace").replace("\r\n", "\n").expandtabs(4).split("\n")


def _with_spaces_of(lines: list[CodeLine], source: list[str]) -> list[CodeLine]:
    """Return the lines, spaced as in the copy where the copy has the same text."""
    while source and not source[-1].strip():
        source = source[:-1]
    while lines and not lines[-1].content and len(lines) > len(source):
        lines = lines[:-1]
    if len(source) != len(lines):
        return lines
    spaced = []
    for line, text in zip(lines, source, strict=True):
        shown = "".join(piece.text for piece in line.content)
        is_same = _without_blanks(shown) == _without_blanks(text)
        if shown != text.rstrip() and is_same:
            line = CodeLine((Piece(text.rstrip()),) if text.strip() else (), line.number)
        spaced.append(line)
    return spaced


def _dedented(lines: list[CodeLine]) -> list[CodeLine]:
    """Return lines of code without the blanks with which all of them begin."""
    texts = ("".join(piece.text for piece in line.content) for line in lines)
    common = min((len(text) - len(text.lstrip(" ")) for text in texts if text.strip()), default=0)
    return (
        [CodeLine(_without_start(line.content, common), line.number) for line in lines] if common else lines
    )


def _without_start(content: Text, count: int) -> Text:
    """Return a text without its first characters."""
    kept = []
    for piece in content:
        rest = piece.text[count:] if piece.kind == "text" else piece.text
        count = max(0, count - len(piece.text))
        if rest:
            kept.append(Piece(rest, piece.kind, piece.style, piece.target))
    return tuple(kept)


def _without_blanks(text: str) -> str:
    """Return text without what the lines of a page show in another way than the copy: blanks and quotation marks."""
    return "".join(text.translate(_SHOWN_DIFFERENTLY).split())


def _with_indents(lines: list[CodeLine], widths: list[int]) -> list[CodeLine]:
    """Return the lines of an algorithm with levels: from the blanks at their beginnings, else from its keywords."""
    levels = _levels_of_widths(widths) if len(set(widths)) > 1 else _levels_of_keywords(lines)
    return [CodeLine(line.content, line.number, level) for line, level in zip(lines, levels, strict=True)]


def _levels_of_widths(widths: list[int]) -> list[int]:
    open_widths: list[int] = []
    levels = []
    for width in widths:
        while open_widths and open_widths[-1] > width + _SAME_WIDTH:
            open_widths.pop()
        if not open_widths or open_widths[-1] < width - _SAME_WIDTH:
            open_widths.append(width)
        levels.append(min(len(open_widths) - 1, _MAX_LEVELS))
    return levels


def _levels_of_keywords(lines: list[CodeLine]) -> list[int]:
    texts = [label_text(line.content[:1]) for line in lines]
    if not any(_ENDS.match(text) for text in texts):
        return [0] * len(lines)
    levels = []
    level = 0
    for text in texts:
        if _ENDS.match(text):
            level = max(0, level - 1)
        levels.append(min(max(0, level - 1) if _MIDDLE.match(text) else level, _MAX_LEVELS))
        if _STARTS.match(text):
            level += 1
    return levels

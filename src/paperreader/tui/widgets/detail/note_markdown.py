"""Converts a note from Markdown to blocks of plain text with styled runs.

The result is text only, never markup, so the content of a note cannot control the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.sanitize import sanitize
from paperreader.text.tex.escape import URL_PATTERN
from paperreader.text.urls import safe_url
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.text_line import Role

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_MARKDOWN_LENGTH = 8000
"""Characters. A longer note is shown as plain text, because parsing it would be noticeable."""

MAX_INDENT_DEPTH = 6
"""Nested lists and quotations that are indented."""

_HAS_MARKDOWN = lazy_pattern(
    r"[*_`#<>\[~\\&]|^[ \t]*(?:[-+]|[0-9]{1,9}[.)])\s|^(?:    |\t)|---|https?:", re.MULTILINE
)
_URL = lazy_pattern(URL_PATTERN, re.IGNORECASE)
_SPACE = lazy_pattern(r"\s+")
_STYLES: dict[str, Role] = {"strong": "strong", "em": "emph", "link": "link"}


class NoteBlock(Struct):
    """A paragraph, list item or line of code, which is wrapped as one unit."""

    text: str = ""
    runs: list[tuple[int, int, Role]] = field(default_factory=list)
    """Start, end and role of styled parts, in order, without overlap."""
    links: list[tuple[int, int, str]] = field(default_factory=list)
    """Start, end and URL of links (http and https only)."""
    first_prefix: str = ""
    """Prefix of the first line; `hanging_prefix` is that of the others."""
    hanging_prefix: str = ""
    is_code: bool = False
    """Whether whitespace is significant."""

    def append(self, text: str, role: Role, url: str = "") -> None:
        """Append text in one role, as a link if `url` is given."""
        shown = text if self.is_code else _SPACE.sub(" ", text)
        if not self.is_code and (not self.text or self.text.endswith(" ")):
            shown = shown.lstrip(" ")
        start, end = len(self.text), len(self.text) + len(shown)
        self.text += shown
        if role != "text" and shown:
            self.runs.append((start, end, role))
        if url and shown:
            self.links.append((start, end, url))


def parse_blocks(note: str, glyphs: Glyphs, *, raw: bool = False) -> Sequence[NoteBlock]:
    """Parse a note into blocks, with an empty block for a blank line; `raw` keeps the Markdown source."""
    text = sanitize(note).strip("\n")
    if raw or len(text) > MAX_MARKDOWN_LENGTH or not _HAS_MARKDOWN.search(text):
        return [NoteBlock(" ".join(line.split())) for line in text.split("\n")]
    return _parse_markdown(text, glyphs)


@lru_cache(8)
def _parse_markdown(text: str, glyphs: Glyphs) -> Sequence[NoteBlock]:
    from paperreader.text.markdown import note_parser  # takes 35 ms, and only notes with Markdown need it

    return list(_BlockBuilder(glyphs).blocks(note_parser().parse(text)))


class _BlockBuilder:
    """Builds blocks in one pass over the tokens of the parser."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self._margins: list[str] = []
        """The prefix of each enclosing list item or quotation."""
        self._numbers: list[int | None] = []
        """Number of the next item of each enclosing list; None for bullets."""
        self._pending_marker = ""
        """The bullet or number for the first line of the current item."""

    def blocks(self, tokens: Sequence[Token]) -> Iterator[NoteBlock]:
        end = 0
        for index, token in enumerate(tokens):
            if token.type not in ("inline", "fence", "code_block", "hr"):
                self._update_nesting(token)
                continue
            begin, after = token.map or (end, end)
            if 0 < end < begin:
                yield NoteBlock()
            end = after
            yield from self._leaf_blocks(tokens, index)

    @property
    def _margin(self) -> str:
        return "".join(self._margins[:MAX_INDENT_DEPTH])

    def _update_nesting(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self._numbers.append(int(token.attrs.get("start") or 1) if kind[0] == "o" else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
        elif kind == "list_item_open":
            number = self._numbers[-1]
            self._pending_marker = f"{self.glyphs.bullet} " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1
            self._margins.append(" " * len(self._pending_marker))
        elif kind == "blockquote_open":
            self._margins.append(f"{self.glyphs.vertical_line} ")
        elif kind in ("list_item_close", "blockquote_close"):
            self._margins.pop()
            self._pending_marker = ""

    def _leaf_blocks(self, tokens: Sequence[Token], index: int) -> Iterator[NoteBlock]:
        token = tokens[index]
        if token.type == "hr":
            yield self._block("-" * 3, "muted")
        elif token.type == "inline":
            heading = index > 0 and tokens[index - 1].type == "heading_open"
            yield from self._inline(token.children or [], "title" if heading else "text")
        else:
            for line in token.content.rstrip("\n").split("\n"):
                block = self._start_block(is_code=True)
                block.append(line, "code")
                yield block

    def _start_block(self, *, is_code: bool = False) -> NoteBlock:
        hang = self._margin
        first = hang
        if self._pending_marker:
            first = hang[: len(hang) - len(self._pending_marker)] + self._pending_marker
            self._pending_marker = ""
        return NoteBlock(first_prefix=first, hanging_prefix=hang, is_code=is_code)

    def _block(self, text: str, role: Role) -> NoteBlock:
        block = self._start_block()
        block.append(text, role)
        return block

    def _inline(self, children: Sequence[Token], plain: Role) -> Iterator[NoteBlock]:
        block, roles, url = self._start_block(), [plain], ""
        for child in children:
            kind, _, edge = child.type.rpartition("_")
            if child.type in ("softbreak", "hardbreak"):
                yield block
                block = self._start_block()
            elif child.type == "code_inline":
                block.append(child.content, "code", url)
            elif child.type == "text":
                _append_prose(block, child.content, roles[-1], url)
            elif edge == "open" and kind in _STYLES:
                roles.append(_STYLES[kind])
                url = (safe_url(str(child.attrs.get("href", ""))) or "") if kind == "link" else url
            elif edge == "close" and kind in _STYLES:
                roles.pop()
                if kind == "link":
                    _append_host(block, url)
                    url = ""
        yield block


def _append_host(block: NoteBlock, url: str) -> None:
    """Append the host of a link whose text does not contain it."""
    host = url.partition("://")[2].partition("/")[0]
    if host and host not in block.text[block.links[-1][0] if block.links else 0 :]:
        block.append(f" ({host})", "muted")


def _append_prose(block: NoteBlock, text: str, role: Role, url: str) -> None:
    """Append prose, with bare URLs as links."""
    index = 0
    for found in _URL.finditer(text) if not url else ():
        if address := safe_url(found[0]):
            block.append(text[index : found.start()], role)
            block.append(found[0], "link", address)
            index = found.end()
    block.append(text[index:], role, url)

"""A note as it is shown: Markdown in blocks of plain text, with the places that look otherwise.

Only text comes out of it, never markup: what a note says cannot steer the screen, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from paperreader.text.sanitize import clean
from paperreader.text.tex.escape import ADDRESS
from paperreader.text.urls import safe_url
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.pieces import Role

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST = 8000
"""Characters; a longer note is shown as it was typed, because reading its signs could be felt."""

DEEPEST = 6
"""Lists and quotations in each other that are set further to the right."""

_HAS_SIGNS = re.compile(
    r"[*_`#<>\[~\\&]|^[ \t]*(?:[-+]|[0-9]{1,9}[.)])\s|^(?:    |\t)|---|https?:", re.MULTILINE
)
_ADDRESS = re.compile(ADDRESS, re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_STYLES: dict[str, Role] = {"strong": "strong", "em": "emph", "link": "link"}


class Block(Struct):
    """A run of text that is wrapped as one."""

    text: str = ""
    runs: list[tuple[int, int, Role]] = field(default_factory=list)
    """Where the text looks otherwise, in order; nothing overlaps."""
    links: list[tuple[int, int, str]] = field(default_factory=list)
    """Which parts of it lead where; http and https alone."""
    first: str = ""
    """What stands before its first line, and `hang` before the others."""
    hang: str = ""
    code: bool = False
    """Blanks count."""

    def add(self, text: str, role: Role, url: str = "") -> None:
        """Write on."""
        shown = text if self.code else _SPACE.sub(" ", text)
        if not self.code and (not self.text or self.text.endswith(" ")):
            shown = shown.lstrip(" ")
        start, end = len(self.text), len(self.text) + len(shown)
        self.text += shown
        if role != "text" and shown:
            self.runs.append((start, end, role))
        if url and shown:
            self.links.append((start, end, url))


def blocks(note: str, glyphs: Glyphs, *, raw: bool = False) -> Sequence[Block]:
    """The note in blocks, an empty one where a line stays empty; `raw` shows it as it was typed."""
    text = clean(note).strip("\n")
    if raw or len(text) > MOST or not _HAS_SIGNS.search(text):
        return [Block(" ".join(line.split())) for line in text.split("\n")]
    return _rendered(text, glyphs)


@lru_cache(8)
def _rendered(text: str, glyphs: Glyphs) -> Sequence[Block]:
    from paperreader.text.markdown import parser  # 35 ms, for those who write notes with signs in them

    return list(_Renderer(glyphs).blocks(parser().parse(text)))


class _Renderer:
    """Walks once over what the parser found."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self._margins: list[str] = []
        """What stands left of a line, one for each list or quotation it is in."""
        self._numbers: list[int | None] = []
        """The number of the next item of each list; None for bullets."""
        self._mark = ""
        """The bullet or number that waits for the first line of its item."""

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        end = 0
        for place, token in enumerate(tokens):
            if token.type not in ("inline", "fence", "code_block", "hr"):
                self._step(token)
                continue
            begin, after = token.map or (end, end)
            if 0 < end < begin:
                yield Block()
            end = after
            yield from self._leaf(tokens, place)

    @property
    def _margin(self) -> str:
        return "".join(self._margins[:DEEPEST])

    def _step(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self._numbers.append(int(token.attrs.get("start") or 1) if kind[0] == "o" else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
        elif kind == "list_item_open":
            number = self._numbers[-1]
            self._mark = f"{self.glyphs.bullet} " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1
            self._margins.append(" " * len(self._mark))
        elif kind == "blockquote_open":
            self._margins.append(f"{self.glyphs.bar} ")
        elif kind in ("list_item_close", "blockquote_close"):
            self._margins.pop()
            self._mark = ""

    def _leaf(self, tokens: Sequence[Token], place: int) -> Iterator[Block]:
        token = tokens[place]
        if token.type == "hr":
            yield self._block("-" * 3, "muted")
        elif token.type == "inline":
            heading = place > 0 and tokens[place - 1].type == "heading_open"
            yield from self._inline(token.children or [], "title" if heading else "text")
        else:
            for line in token.content.rstrip("\n").split("\n"):
                block = self._begin(code=True)
                block.add(line, "code")
                yield block

    def _begin(self, *, code: bool = False) -> Block:
        hang = self._margin
        first = hang
        if self._mark:
            first = hang[: len(hang) - len(self._mark)] + self._mark
            self._mark = ""
        return Block(first=first, hang=hang, code=code)

    def _block(self, text: str, role: Role) -> Block:
        block = self._begin()
        block.add(text, role)
        return block

    def _inline(self, children: Sequence[Token], plain: Role) -> Iterator[Block]:
        block, roles, url = self._begin(), [plain], ""
        for child in children:
            kind, _, edge = child.type.rpartition("_")
            if child.type in ("softbreak", "hardbreak"):
                yield block
                block = self._begin()
            elif child.type == "code_inline":
                block.add(child.content, "code", url)
            elif child.type == "text":
                _add_prose(block, child.content, roles[-1], url)
            elif edge == "open" and kind in _STYLES:
                roles.append(_STYLES[kind])
                url = (safe_url(str(child.attrs.get("href", ""))) or "") if kind == "link" else url
            elif edge == "close" and kind in _STYLES:
                roles.pop()
                if kind == "link":
                    _add_host(block, url)
                    url = ""
        yield block


def _add_host(block: Block, url: str) -> None:
    """Say where a link leads that does not say it itself."""
    host = url.partition("://")[2].partition("/")[0]
    if host and host not in block.text[block.links[-1][0] if block.links else 0 :]:
        block.add(f" ({host})", "muted")


def _add_prose(block: Block, text: str, role: Role, url: str) -> None:
    """Write prose on; an address in it leads to itself."""
    place = 0
    for found in _ADDRESS.finditer(text) if not url else ():
        if address := safe_url(found[0]):
            block.add(text[place : found.start()], role)
            block.add(found[0], "link", address)
            place = found.end()
    block.add(text[place:], role, url)

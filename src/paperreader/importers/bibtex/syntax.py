"""Parse BibTeX: find the entries of a file, and read the fields and values of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from paperreader.text.dates import MONTHS

MAX_FIELDS = 1000
MAX_DEPTH = 1000
"""Levels of nested braces."""
MAX_EXPANSION = 10
"""How often as long as the file the texts of its abbreviations may become."""

MAX_PIECES = 1000
"""Parts of one value, joined by `#`."""
MAX_INDENT = 200
"""Characters before an entry in the same line that are looked at."""

_START = re.compile(r"@[ \t]*([A-Za-z]\w*)\s{0,99}([{(])", re.ASCII)
_LINE_START = re.compile(r"^[ \t\u00a0\ufeff]*@[ \t]*[A-Za-z]\w*\s{0,99}[{(]", re.MULTILINE)
_AFTER_BRACE = re.compile(r"[})]\s{0,99}(?=@[ \t]*[A-Za-z]\w*\s{0,99}[{(][^,={}\"\n]{0,200},)")
_KEY = re.compile(r"\s*([^,={}\n]*?)\s*(?:,|(?=\}|\)\s*\Z))")
_KEY_WITHOUT_COMMA = re.compile(r"\s*([^\s,={}\"]+)[ \t]*\n(?=\s*[A-Za-z_][\w-]*\s*=)")
_GAP = re.compile(r"(?:[\s,\ufeff]|%[^\n]*(?:\n|\Z))*")
_NAME = re.compile(r"([^\s=,{}()\"#%][^=,{}\"\n]{0,99}?)\s*=\s*")
_COMMAND = re.compile(r"\\[A-Za-z]+[ \t]*\{")
_WORD = re.compile(r"[^\s,{}\"#=()]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_CONCATENATION = re.compile(r"\s*#\s*")
_MONTHS = {name.lower(): name for name in MONTHS}


class Block(NamedTuple):
    """A `@kind{…}` of a file."""

    line: int
    kind: str
    """In lower case."""
    key: str
    fields: dict[str, str]
    """By name in lower case."""
    problem: str
    """What is wrong with it; empty for nothing."""


def read_blocks(text: str) -> Iterator[Block]:
    """Yield the entries of a file, wherever they begin, with abbreviations resolved; no comments and preambles.

    An entry ends at the next `@kind{` at the beginning of a line, so only one that is not terminated is lost.
    """
    strings = _Abbreviations(len(text))
    line = 1
    starts = [0, *(found.start() for found in _LINE_START.finditer(text)), len(text)]
    for begin, end in pairwise(starts):
        part = text[begin:end]
        for at, block in _blocks_of_part(part, strings):
            yield block._replace(line=line + part.count("\n", 0, at))
        line += part.count("\n")


class _Abbreviations:
    """The abbreviations that `@string` defines. They may consist of others, which doubles the text with each line, so
    they are expanded to `MAX_EXPANSION` times the length of the file in all, and then stay as they are.
    """

    def __init__(self, text_length: int) -> None:
        self._texts: dict[str, str] = {}
        self._chars_left = MAX_EXPANSION * (text_length + 10_000)

    def update(self, fields: Mapping[str, str]) -> None:
        """Add or replace abbreviations."""
        self._texts.update(fields)

    def expand(self, word: str) -> str:
        """Return the text of an abbreviation, of a month, or the word itself."""
        text = self._texts.get(word.lower())
        if text is None:
            return _MONTHS.get(word.lower(), word)
        self._chars_left -= len(text)
        return text if self._chars_left >= 0 else word


def _blocks_of_part(part: str, strings: _Abbreviations) -> Iterator[tuple[int, Block]]:
    """Yield the entries between two beginnings of an entry that are at the beginning of a line, with their offsets."""
    offset = 0
    while start := _START.search(part, offset):
        offset = start.end()
        if not _begins_entry(part, start.start()):
            continue
        kind = start[1].lower()
        if kind in ("comment", "preamble"):
            offset = _closing_offset(part, offset, "{") or len(part)
            continue
        block, offset = _parse_block(part, offset, strings, kind)
        if block.problem:
            following = _AFTER_BRACE.search(part, start.end())
            offset = following.end() if following else len(part)
        if kind == "string":
            strings.update(block.fields)
        else:
            yield start.start(), block


def _begins_entry(text: str, offset: int) -> bool:
    """Whether the `@` at this offset is neither part of a mail address nor in a comment line."""
    before = text[text.rfind("\n", max(offset - MAX_INDENT, 0), offset) + 1 : offset]
    return not before.lstrip().startswith("%") and not re.search(r"[\w.]\Z", before[-1:])


def _parse_block(body: str, offset: int, strings: _Abbreviations, kind: str) -> tuple[Block, int]:
    """Return the entry whose content begins at `offset`, after its opening brace, and the offset of its end."""
    key, fields = "", dict[str, str]()

    def block(problem: str) -> Block:
        return Block(0, kind, key, fields, problem)

    if kind != "string":
        if offset == len(body.rstrip()):
            return block("has no key"), offset
        if found := _KEY.match(body, offset) or _KEY_WITHOUT_COMMA.match(body, offset):
            key, offset = found[1], found.end()
    problem = ""
    while len(fields) < MAX_FIELDS:
        offset = _gap_end(body, offset)
        if offset == len(body):
            return block(problem or "is incomplete"), offset
        if body[offset] in "})":
            return block(problem), offset + 1
        name = _NAME.match(body, offset)
        if not name:
            problem = "has a field that cannot be read"
            offset = _next_field(body, offset)
            continue
        value, offset = _value(body, name.end(), strings)
        if value is None:
            return block(f"does not end within its field {name[1].lower()}"), offset
        fields.setdefault(name[1].lower(), value)
    return block("has too many fields"), offset


def _gap_end(body: str, offset: int) -> int:
    found = _GAP.match(body, offset)
    return found.end() if found else offset


def _next_field(body: str, offset: int) -> int:
    """Return the offset of the comma or the closing brace after what cannot be read."""
    while offset < len(body) and body[offset] not in ",})":
        if body[offset] in '{"':
            end = _closing_offset(body, offset + 1, body[offset])
            if end is None:
                return len(body)
            offset = end
        offset += 1
    return offset


def _value(body: str, offset: int, strings: _Abbreviations) -> tuple[str | None, int]:
    """Return the value at `offset`, None if it does not end, and the offset of its end."""
    pieces: list[str] = []
    while len(pieces) < MAX_PIECES:
        start = body[offset : offset + 1]
        if start in ("{", '"') and start:
            end = _closing_offset(body, offset + 1, start)
            if end is None:
                return None, len(body)
            pieces.append(body[offset + 1 : end])
            offset = end + 1
        elif command := _COMMAND.match(body, offset):  # `howpublished = \url{…}`, without braces around it
            end = _closing_offset(body, command.end(), "{")
            if end is None:
                return None, len(body)
            pieces.append(body[offset : end + 1])
            offset = end + 1
        elif word := _WORD.match(body, offset):
            pieces.append(strings.expand(word[0]))
            offset = word.end()
        else:
            return "".join(pieces), offset
        separator = _CONCATENATION.match(body, offset)
        if not separator:
            return "".join(pieces), offset
        offset = separator.end()
    return None, offset


def _closing_offset(body: str, offset: int, opening: str) -> int | None:
    """Return the offset where the brace or quote that opened before `offset` is closed; None if it is not."""
    depth = 0
    for found in (_BRACE if opening == "{" else _QUOTE).finditer(body, offset):
        mark = found[0]
        if mark == "{":
            depth += 1
            if depth > MAX_DEPTH:
                return None
        elif mark == '"' and depth == 0:
            return found.start()
        elif mark == "}":
            if depth == 0:
                return found.start() if opening == "{" else None
            depth -= 1
    return None

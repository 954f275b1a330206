"""Read the papers in a JSON document of any length: as much of it as one paper needs is in memory at a time.

The elements of arrays and the members of objects are parsed one by one. Only those that are too long for that are
entered, so that it does not matter what is around a list of papers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from paperreader.checked_values import parse_integer
from paperreader.importers.input.content import UnsupportedContent
from paperreader.importers.input.streams import TextStream
from paperreader.importers.json.containers import find_in_member, find_objects, has_title, is_paper_list
from paperreader.importers.json.json_stream import check_memory
from paperreader.text.field_names import FIELD_NAMES, is_field, name_key
from paperreader.text.ids import parse_arxiv_id

CHUNK_CHARS = 4 * 1024 * 1024
"""Characters that are read at a time."""

MAX_VALUE_CHARS = 16 * 1024 * 1024
"""Characters of a value that is parsed at once."""

MAX_NESTING = 50
"""Arrays and objects inside each other that are entered."""

_SPACE = re.compile(r"[ \t\r\n]*")
_MEMBER = re.compile(
    rb'\s*([{,}\s]*)"([^"\\]{1,100})"\s*:\s*([\[{]|"[^"]{0,1000}"|[0-9.eE+-]{1,30}|true|false|null)'
)
_CLOSING = {"[": "]", "{": "}"}


def begins_with_papers(start: bytes) -> bool:
    """Whether an object begins with a list of papers, or papers by their id, perhaps inside other objects."""
    at, is_paper, depth = 0, False, 0
    while member := _MEMBER.match(start, at):
        at, name = member.end(), member[2].decode("utf-8", "replace")
        depth -= member[1].count(b"}")
        if member[3] == b"[":
            return is_paper_list(name) or not (is_paper or is_field(name))
        if member[3] == b"{" and parse_arxiv_id(name):
            return True
        is_paper |= not depth and name_key(name) in FIELD_NAMES["title"]
        depth += member[3] == b"{"
    return False


def iter_objects(stream: TextStream) -> Iterator[Any]:
    """Yield what may be a paper: the elements of the outermost array or of a list of papers, and papers elsewhere.

    Raises:
        UnsupportedContent: a text in it is too long.
        JSONDecodeError: it is not valid from some value on.
    """
    parser = _Parser(stream)
    while first := parser.peek():
        if first == "[":
            yield from _inside(parser, "", depth=0)
        elif not (short := parser.parse()):
            yield from _inside(parser, "", depth=1)
        else:
            yield from find_objects(short[0])


def _inside(parser: _Parser, name: str, *, depth: int) -> Iterator[Any]:
    """Yield the papers in the array or object at the position, which is a member with a name, or an element."""
    if depth > MAX_NESTING:
        raise json.JSONDecodeError("its values are nested too deeply", "", 0)
    opening = parser.take("".join(_CLOSING))
    closing = _CLOSING[opening]
    if parser.peek() == closing:
        parser.take(closing)
        return
    while True:
        member = parser.parse_name() if opening == "{" else name
        if not (short := parser.parse()):
            yield from _inside(parser, member, depth=depth + 1)
        elif opening == "{":
            yield from find_in_member(member, short[0])
        else:
            found = find_objects(short[0])
            if not depth or is_paper_list(name) or any(map(has_title, found)):
                yield from found
        if parser.take(f",{closing}") == closing:
            return


class _Parser:
    """A position in a document, and the characters that follow it, as far as they are in memory."""

    def __init__(self, stream: TextStream) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder(parse_int=parse_integer)
        self._text = ""
        self._offset = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no white space, and move to it; empty at the end."""
        while True:
            if space := _SPACE.match(self._text, self._offset):
                self._offset = space.end()
            if self._offset < len(self._text):
                return self._text[self._offset]
            if self._ended:
                return ""
            self._read(CHUNK_CHARS)

    def take(self, expected: str) -> str:
        """Move behind the next character, which is one of those expected, and return it."""
        char = self.peek()
        if not char or char not in expected:
            self._fail("it ends too early" if not char else "an element is not followed by a comma")
        self._offset += 1
        return char

    def parse_name(self) -> str:
        """Return the name of a member, and move to its value."""
        if self.peek() != '"' or not (name := self.parse()):
            self._fail("a name is missing")
        self.take(":")
        return str(name[0])

    def parse(self) -> tuple[Any] | None:
        """Return the next value, and move behind it; None, without moving, for an array or object that is too long.

        Raises:
            UnsupportedContent: it is a text that is too long.
            JSONDecodeError: it is not valid.
        """
        opening = self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._offset)
                # A number may go on.
                if end < len(self._text) or self._ended:
                    self._offset = end
                    return (value,)
            except RecursionError:
                self._fail("its values are nested too deeply")
            except json.JSONDecodeError:
                if self._ended:
                    raise
            if not self._read_more_of_value():
                if opening in _CLOSING:
                    return None
                raise UnsupportedContent(
                    "has a text that is far too long, or is damaged; what follows was not read"
                )

    def _read_more_of_value(self) -> bool:
        """Double what is in memory, if the value at the position may need no more than that."""
        length = len(self._text) - self._offset
        if length >= MAX_VALUE_CHARS:
            return False
        self._read(max(CHUNK_CHARS, length))
        try:
            check_memory(self._text)
        except UnsupportedContent:
            return False
        return True

    def _read(self, size: int) -> None:
        chunk = self._stream.read(size)
        self._ended = not chunk
        self._text, self._offset = self._text[self._offset :] + chunk, 0

    def _fail(self, message: str) -> NoReturn:
        raise json.JSONDecodeError(message, self._text, self._offset)

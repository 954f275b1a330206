"""Parse the values of a JSON document one by one, each with its line, as far as the document is valid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from paperreader.checked_values import parse_integer
from paperreader.importers.input.content import UnsupportedContent

MAX_VALUE_BYTES = 256 * 1024 * 1024
"""Estimated memory that the values of a document may take."""

_CONTAINER_BYTES, _VALUE_BYTES = 100, 60
_SPACE = re.compile(r"[ \t\n\r]*")


class JsonError(ValueError):
    """The document is not valid JSON from this line on."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def iter_values(text: str) -> Iterator[tuple[int, Any]]:
    """Yield every element of a top-level array, and every other top-level value, with its line (from 1).

    Yields what precedes an invalid position.

    Raises:
        UnsupportedContent: its values would take too much memory.
        JsonError: the text is not JSON from some point on.
    """
    check_memory(text)
    decoder = json.JSONDecoder(parse_int=parse_integer)
    offset, line, in_array = 0, 1, False

    def skip(start: int) -> int:
        found = _SPACE.match(text, start)
        return found.end() if found else start

    while True:
        following = skip(offset)
        line += text.count("\n", offset, following)
        offset = following
        if offset == len(text):
            if in_array:
                raise JsonError(line, "it ends too early")
            return
        if not in_array and text[offset] == "[":
            in_array = True
            offset = skip(offset + 1)
            if text[offset : offset + 1] == "]":
                in_array, offset = False, offset + 1
            line += text.count("\n", following, offset)
            continue
        value, end = _decode(decoder, text, offset, line)
        yield line, value
        line += text.count("\n", offset, end)
        offset = end
        if in_array:
            offset, in_array = _after_element(text, skip(end), line)
            line += text.count("\n", end, offset)


def check_memory(text: str) -> None:
    """Check that the values of a text fit into memory.

    Raises:
        UnsupportedContent: they would take too much.
    """
    containers, values = text.count("{"), text.count("[") + text.count(",")
    if containers * _CONTAINER_BYTES + values * _VALUE_BYTES > MAX_VALUE_BYTES:
        raise UnsupportedContent("contains more values than any papers need; it was not read")


def _decode(decoder: json.JSONDecoder, text: str, offset: int, line: int) -> tuple[Any, int]:
    """Return the value at an offset, and the offset of its end."""
    try:
        return decoder.raw_decode(text, offset)
    except RecursionError as error:
        raise JsonError(line, "its values are nested too deeply") from error
    except json.JSONDecodeError as error:
        error_line = line + text.count("\n", offset, error.pos)
        raise JsonError(error_line, f"{error.msg.lower()}, column {error.colno}") from error


def _after_element(text: str, offset: int, line: int) -> tuple[int, bool]:
    """Return the offset where to continue after an element, and whether that is still inside the array."""
    if text[offset : offset + 1] == "]":
        return offset + 1, False
    if text[offset : offset + 1] == ",":
        return offset + 1, True
    raise JsonError(
        line, "an element is not followed by a comma" if offset < len(text) else "it ends too early"
    )

"""The values of a JSON document one by one, each with its line, as far as the document is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from paperreader.importers.input.content import UnsupportedContent

MAX_VALUE_BYTES = 256 * 1024 * 1024
"""Bytes of memory that the objects of a document may take, estimated."""

_CONTAINER_BYTES, _VALUE_BYTES = 100, 60
_SPACE = re.compile(r"[ \t\n\r]*")


class JsonError(ValueError):
    """From here on the document cannot be read."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def iter_values(text: str) -> Iterator[tuple[int, Any]]:
    """Every element of a top-level array, and every other top-level value, with the line (from 1) it begins on.

    What comes before a damaged place is given.

    Raises:
        Refused: its values would take too much memory.
        Damage: the text is not JSON from some place on.
    """
    if (
        text.count("{") * _CONTAINER_BYTES + (text.count("[") + text.count(",")) * _VALUE_BYTES
        > MAX_VALUE_BYTES
    ):
        raise UnsupportedContent("holds more values than any papers need; it was not read")
    decode = json.JSONDecoder().raw_decode
    place, line, in_array = 0, 1, False

    def skip(start: int) -> int:
        found = _SPACE.match(text, start)
        return found.end() if found else start

    while True:
        following = skip(place)
        line += text.count("\n", place, following)
        place = following
        if place == len(text):
            if in_array:
                raise JsonError(line, "it ends before its end")
            return
        if not in_array and text[place] == "[":
            in_array = True
            place = skip(place + 1)
            if text[place : place + 1] == "]":
                in_array, place = False, place + 1
            line += text.count("\n", following, place)
            continue
        try:
            value, end = decode(text, place)
        except RecursionError as error:
            raise JsonError(line, "its values lie too deep in each other") from error
        except json.JSONDecodeError as error:
            where = line + text.count("\n", place, error.pos)
            raise JsonError(where, f"{error.msg.lower()}, column {error.colno}") from error
        except ValueError as error:
            raise JsonError(line, "a number is too long") from error
        yield line, value
        line += text.count("\n", place, end)
        place = end
        if in_array:
            place, in_array = _after_element(text, skip(end), line)
            line += text.count("\n", end, place)


def _after_element(text: str, place: int, line: int) -> tuple[int, bool]:
    """Where to go on behind an element's end, and whether that is still within the array."""
    if text[place : place + 1] == "]":
        return place + 1, False
    if text[place : place + 1] == ",":
        return place + 1, True
    raise JsonError(
        line, "an element is not followed by a comma" if place < len(text) else "it ends before its end"
    )

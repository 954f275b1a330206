"""Import a file with a JSON document: as a whole, or if it is too long for that, the elements of its array one by one.

Dumps of whole services, such as `papers-with-abstracts.json` of Papers with Code, are arrays of a gigabyte.
"""

from __future__ import annotations

import codecs
import datetime
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from paperreader.importers.input.content import (
    MAX_CONTENT_BYTES,
    Content,
    UnsupportedContent,
    content_hash,
    source_origin,
)
from paperreader.importers.json import documents
from paperreader.importers.json.containers import find_objects
from paperreader.importers.json.objects import ObjectReader
from paperreader.models import ImportedEntry, Problem

CHUNK_BYTES = 4 * 1024 * 1024
MAX_ELEMENT_CHARS = 16 * 1024 * 1024
"""Characters of one element of a long array."""

_SPACE = " \t\r\n"


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a file, as far as it is valid.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is damaged or no text, or too long and no array.
    """
    data = content.file.read(MAX_CONTENT_BYTES + 1)
    if len(data) > MAX_CONTENT_BYTES:
        yield from _read_array(content, data, date, today)
        return
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    yield from documents.read_entries(decoded.text, content.name, origin)


def _read_array(
    content: Content, start: bytes, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    reader = ObjectReader(source_origin(content, content.stored_hash(), date=date, today=today))
    index = -1
    try:
        for element in _elements(start, content.file):
            for item in find_objects(element):
                index += 1
                try:
                    if entry := reader.to_entry(item, index):
                        yield entry
                except (ValueError, RecursionError) as error:
                    yield Problem(content.name, None, f"item {index + 1:,} cannot be used: {error}")
    except json.JSONDecodeError as error:
        yield Problem(
            content.name,
            None,
            f"it is not valid JSON after item {index + 1:,}: {error.msg.lower()}; what follows was not read",
        )
    yield from (Problem(content.name, None, message) for message in reader.reports())


def _elements(start: bytes, file: BinaryIO) -> Iterator[Any]:
    """Yield the elements of an array, of which a part is in memory at a time.

    Raises:
        UnsupportedContent: it is no array, or an element is too long.
        JSONDecodeError: it is not valid from some element on.
    """
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    text = decode(start).lstrip("\ufeff" + _SPACE)
    if not text.startswith("["):
        raise UnsupportedContent(f"is longer than {MAX_CONTENT_BYTES >> 20} MB; split it into smaller files")
    decoder, offset, ended = json.JSONDecoder(), 1, False
    while True:
        offset = _skip(text, offset)
        if text.startswith("]", offset):
            return
        try:
            value, end = decoder.raw_decode(text, offset)
            following = _skip(text, end)
            if following < len(text) or ended:
                if not text.startswith((",", "]"), following):
                    raise json.JSONDecodeError("an element is not followed by a comma", text, following)
                yield value
                offset = following + text.startswith(",", following)
                continue
        except json.JSONDecodeError:
            if ended:
                raise
        if len(text) - offset > MAX_ELEMENT_CHARS:
            raise UnsupportedContent(
                "has an element that is far too long, or is damaged; what follows was not read"
            )
        chunk = file.read(CHUNK_BYTES)
        ended = not chunk
        text, offset = text[offset:] + decode(chunk, final=ended), 0


def _skip(text: str, offset: int) -> int:
    while offset < len(text) and text[offset] in _SPACE:
        offset += 1
    return offset

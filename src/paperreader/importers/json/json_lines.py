"""Import JSON Lines: one paper a line, in any object format; read as a stream, however long the file is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from msgspec.structs import replace

from paperreader.checked_values import load_json
from paperreader.importers.input.content import Content, source_origin
from paperreader.importers.input.streams import SAMPLE_BYTES, LineDecoder, TextStream, as_utf8
from paperreader.importers.json.containers import find_objects
from paperreader.importers.json.document_files import read_long_document
from paperreader.importers.json.json_stream import check_memory
from paperreader.importers.json.long_documents import begins_with_papers
from paperreader.importers.json.markdown_rows import read_rows
from paperreader.importers.json.objects import ObjectReader
from paperreader.importers.json.other_files import refusal
from paperreader.models import ImportedEntry, Problem

MAX_LINE_BYTES = 64 * 1024 * 1024
"""Bytes of one line. A paper with all its records has a few thousand, a response with many papers millions."""

MAX_UNCHECKED_CHARS = 1024 * 1024
"""Characters of a line whose values cannot take too much memory."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a file, line by line; a line that cannot be used is a problem, and only that line is lost.

    Args:
        content: the file.
        date: listing date given by the user, for papers without records of their own.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: its compression is damaged.
    """
    file = as_utf8(content.file)
    start = file.readline(MAX_LINE_BYTES + 1)
    if len(start) > MAX_LINE_BYTES and begins_with_papers(start):
        # A document without line ends.
        yield from read_long_document(content, TextStream(start, file), date, today)
        return
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    reader, decoder = ObjectReader(origin), LineDecoder(content)
    lines = _LookaheadLines(_lines(start, file))
    index, met = -1, False
    for number, line in enumerate(lines, 1):
        index += 1
        if line is None:
            yield Problem(content.name, number, f"the line is longer than {MAX_LINE_BYTES >> 20} MB")
            continue
        if line.isspace():
            continue
        is_first, met = not met, True
        text, problems = _decode(line, number, decoder, lines)
        yield from problems
        try:
            value = _parse(text)
        except (ValueError, RecursionError) as error:
            yield Problem(content.name, number, f"the line cannot be used: {_reason(error)}")
            continue
        if is_first and (message := refusal([value])):
            yield Problem(content.name, None, f"is {message}")
            return
        if is_first and (rows := read_rows(value, content.name, origin)):
            yield from rows
            return
        found = find_objects(value)
        for position, item in enumerate(found):
            index += position > 0
            try:
                if entry := reader.to_entry(item, index):
                    yield replace(entry, line=number)
            except (ValueError, RecursionError) as error:
                place = "the line" if len(found) == 1 else f"item {position + 1} of the line"
                yield Problem(content.name, number, f"{place} cannot be used: {_reason(error)}")
    if not met:
        yield Problem(content.name, None, "contains no papers")
    yield from (Problem(content.name, None, message) for message in reader.reports())


def _decode(
    line: bytes, number: int, decoder: LineDecoder, lines: _LookaheadLines
) -> tuple[str, list[Problem]]:
    try:
        text = line.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return decoder.decode(line, number, lines.peek_bytes)
    decoder.add_valid(line)
    return text, []


def _parse(text: str) -> Any:
    """Return the value of a line.

    Raises:
        UnsupportedContent: it would take too much memory.
        ValueError: it is not JSON.
    """
    if len(text) > MAX_UNCHECKED_CHARS:
        check_memory(text)
    return load_json(text)


class _LookaheadLines:
    """Lines of a file, of which some may be looked at before they are read."""

    def __init__(self, lines: Iterator[bytes | None]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[bytes | None]:
        return self

    def __next__(self) -> bytes | None:
        return next(self._lines)

    def peek_bytes(self) -> bytes:
        """Return the following lines, as many as are needed to recognise their encoding."""
        following: list[bytes | None] = []
        length = 0
        for line in self._lines:
            following.append(line)
            length += len(line or b"")
            if length >= SAMPLE_BYTES:
                break
        self._lines = chain(following, self._lines)
        return b"".join(filter(None, following))


def _lines(line: bytes, file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a file, of which the beginning of the first was read already.

    None is yielded for one that is too long, which is skipped without keeping it in memory.
    """
    while line:
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
        else:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
            yield None
        line = file.readline(MAX_LINE_BYTES + 1)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is not valid JSON ({error.msg.lower()}, column {error.colno})"
    if isinstance(error, RecursionError):
        return "its values are nested too deeply"
    return str(error) or type(error).__name__

"""Import JSON Lines: one paper a line, in any object format; read as a stream, however long the file is."""

from __future__ import annotations

import datetime
import json
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from paperreader.importers.input.content import Content, source_origin
from paperreader.importers.input.streams import SAMPLE_BYTES, LineDecoder, as_utf8
from paperreader.importers.json.objects import to_entry
from paperreader.models import ImportedEntry, Problem

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Bytes of one line; a paper with all its records has a few thousand."""


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
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    met, decoder = False, LineDecoder(content)
    lines = _LookaheadLines(_lines(as_utf8(content.file)))
    for number, line in enumerate(lines, 1):
        if line is None:
            yield Problem(content.name, number, f"the line is longer than {MAX_LINE_BYTES >> 20} MB")
            continue
        if line.isspace():
            continue
        met = True
        try:
            try:
                data = json.loads(line)
                decoder.add_valid(line)
            except UnicodeDecodeError:
                text, problems = decoder.decode(line, number, lines.peek_bytes)
                yield from problems
                data = json.loads(text)
            yield to_entry(data, origin, number - 1)
        except (ValueError, RecursionError) as error:
            yield Problem(content.name, number, f"the line cannot be used: {_reason(error)}")
    if not met:
        yield Problem(content.name, None, "contains no papers")


class _LookaheadLines:
    """Lines of a file, of which some may be looked at before they are read."""

    def __init__(self, lines: Iterator[bytes | None]) -> None:
        self._lines = lines
        self._following: deque[bytes | None] = deque()

    def __iter__(self) -> Iterator[bytes | None]:
        while True:
            if self._following:
                yield self._following.popleft()
            elif (line := next(self._lines, b"")) != b"":
                yield line
            else:
                return

    def peek_bytes(self) -> bytes:
        """Return the following lines, as many as are needed to recognise their encoding."""
        length = 0
        while length < SAMPLE_BYTES and (line := next(self._lines, b"")) != b"":
            self._following.append(line)
            length += len(line or b"")
        return b"".join(filter(None, self._following))


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a file; None for one that is too long, which is skipped without keeping it in memory."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
        yield None


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is not valid JSON ({error.msg.lower()}, column {error.colno})"
    if isinstance(error, RecursionError):
        return "its values are nested too deeply"
    return str(error) or type(error).__name__

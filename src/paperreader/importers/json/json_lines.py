"""JSON Lines: one paper a line, of any kind that `objects` knows; read as a stream, however long the file is."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import BinaryIO

from paperreader.importers.input.content import Content, source_origin
from paperreader.importers.json.objects import to_entry
from paperreader.models import ImportedEntry, Problem

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Bytes of one line; a paper with all its records has some thousands."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """The papers of a file, line by line; a line that cannot be used is a problem and costs itself alone.

    Args:
        content: the file.
        date: the listing day of what carries no records of its own, where the reader gave one.
        today: stands for the day the file was saved where there is none.

    Raises:
        OSError: the file cannot be read.
        Refused: its compression is damaged.
    """
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    met = False
    for number, line in enumerate(_lines(content.file), 1):
        if line is None:
            yield Problem(content.name, number, f"the line is longer than {MAX_LINE_BYTES >> 20} MB")
            continue
        if line.isspace():
            continue
        met = True
        try:
            yield to_entry(json.loads(line), origin, number - 1)
        except (ValueError, RecursionError) as error:
            yield Problem(content.name, number, f"the line cannot be used: {_why(error)}")
    if not met:
        yield Problem(content.name, None, "holds no papers")


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; None in place of one that is too long, which is read past without being held."""
    first = True
    while line := file.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            yield (line.removeprefix(b"\xef\xbb\xbf") or b" ") if first else line
            first = False
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
        yield None


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is not whole JSON ({error.msg.lower()}, column {error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return "it holds bytes of no character"
    if isinstance(error, RecursionError):
        return "its values lie too deep in each other"
    return str(error) or type(error).__name__

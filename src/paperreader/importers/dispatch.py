"""From one input to what it holds: what it is, out of what it has to be unpacked, and which reader is its own."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from msgspec.structs import replace

from paperreader.importers.formats import HEAD_BYTES, Format, detect_format
from paperreader.importers.input.content import (
    Content,
    SourceOrigin,
    UnsupportedContent,
    content_hash,
    input_hash,
    source_origin,
)
from paperreader.importers.input.files import Input
from paperreader.models import ImportedEntry, Problem

MAX_PROBLEMS = 1000
"""Of one file; what is not told any more is counted."""

GIVE_UP_AFTER = 10_000
"""After so many problems a file with hardly any papers between them is left alone."""

Reader = Callable[..., Iterator[ImportedEntry | Problem]]
"""`read(content, date=…, today=…)`: it reads its file by itself, as a stream or as a page that looks at its day."""

TextReader = Callable[[str, str, SourceOrigin], Iterator[ImportedEntry | Problem]]
"""`read(text, file, origin)`: of a form that is read as a whole. `file` is the name to tell problems under."""


def read(
    item: Input, *, date: str | None, today: datetime.date, opened: Callable[[BinaryIO], object]
) -> Iterator[ImportedEntry | Problem]:
    """What one input holds, in its order; see `paperreader.importers.read`.

    Raises:
        OSError: it cannot be read.
    """
    with item.open() as file:
        opened(file)
        content = Content(
            item.name, item.short_name, item.modified, item.observed_at, file, lambda: input_hash(item)
        )
        yield from _read(content, date, today)


def _read(content: Content, date: str | None, today: datetime.date) -> Iterator[ImportedEntry | Problem]:
    told = papers = 0
    for made in _contents(content, date, today):
        if isinstance(made, ImportedEntry):
            papers += 1
            yield made
            continue
        told += 1
        if told <= MAX_PROBLEMS:
            yield made
        elif told > GIVE_UP_AFTER and told > 10 * papers:
            yield Problem(content.name, None, "hardly anything in it can be used; what follows was not read")
            return
    if told > MAX_PROBLEMS:
        yield Problem(content.name, None, f"has {told - MAX_PROBLEMS:,} more problems like these")


def _contents(content: Content, date: str | None, today: datetime.date) -> Iterator[ImportedEntry | Problem]:
    try:
        form, what, content = _detect(content)
        if form == "empty":
            yield Problem(content.name, None, what)
        elif form == "unsupported":
            yield Problem(content.name, None, f"is {what}")
        elif form in ("gzip", "xz", "bzip2", "tar", "zip"):
            yield from _unpacked(content, form, date, today)
        else:
            yield from _reader(form)(content, date=date, today=today)
    except UnsupportedContent as refusal:
        yield Problem(content.name, None, str(refusal))


def _detect(content: Content) -> tuple[Format, str, Content]:
    """The format, what to say of it, and the content as if nothing had been read of it."""
    head = content.file.read(HEAD_BYTES)
    form, what = detect_format(head)
    if form == "empty":
        # White space at the beginning, however much of it, says nothing of what follows.
        skipped = len(head)
        while head and form == "empty":
            head = content.file.read(HEAD_BYTES)
            form, what = detect_format(head)
            skipped += len(head)
        if form == "empty":
            return form, "is empty but for white space" if skipped else "the file is empty", content
    if not content.packed:
        content.file.seek(0)
        return form, what, content
    rest = io.BufferedReader(_PrependedStream(head, content.file), HEAD_BYTES)
    return form, what, replace(content, file=cast(BinaryIO, rest))


def _unpacked(
    content: Content, form: Format, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    if content.packed == "member":
        raise UnsupportedContent("is packed itself, inside the archive; unpack it first")
    if form in ("tar", "zip"):
        from paperreader.importers.input import archives

        if form == "zip" and content.packed:
            raise UnsupportedContent("is a zip archive that was compressed once more; unpack it first")
        for member in archives.archive_members(content, form):
            if isinstance(member, Problem):
                yield member
                continue
            try:
                yield from _read(member, date, today)
            except archives.DAMAGE_ERRORS:
                yield Problem(member.name, None, "is damaged, from some place on")
        return
    from paperreader.importers.input.compression import DecompressingReader

    if content.packed:
        raise UnsupportedContent("is compressed twice; unpack it first")
    stream = io.BufferedReader(DecompressingReader(content.file, cast(Any, form)), HEAD_BYTES)
    yield from _contents(replace(content, file=cast(BinaryIO, stream), packed="compressed"), date, today)


def _reader(form: Format) -> Reader:
    """The reader of a format, imported when it is wanted: most starts of the program want none, most imports one."""
    if form == "lines":
        from paperreader.importers.json.json_lines import read
    elif form == "feed":
        from paperreader.importers.arxiv.feeds import read
    elif text_reader := _text_reader(form):
        return partial(_read_whole, text_reader)
    else:
        from paperreader.importers.daily_papers.text_page import read
    return read


def _text_reader(form: Format) -> TextReader | None:
    if form == "json":
        from paperreader.importers.json.documents import read
    elif form == "page":
        from paperreader.importers.daily_papers.html_page import read
    elif form == "bibtex":
        from paperreader.importers.references.bibtex import read
    elif form == "ris":
        from paperreader.importers.references.ris import read
    elif form == "csv":
        from paperreader.importers.references.csv import read
    else:
        return None
    return read


def _read_whole(
    read: TextReader, content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Everything at once, decoded; lines that hold bytes of no character are told first.

    Raises:
        OSError: the file cannot be read.
        Refused: it is too long, damaged, no text, or not what it seemed to be.
    """
    data = content.read_all()
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    yield from read(decoded.text, content.name, origin)


class _PrependedStream(io.RawIOBase):
    """A stream with its first bytes put back."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head = head
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._file.read(len(buffer))
        self._head = self._head[len(data) :] if self._head else b""
        buffer[: len(data)] = data
        return len(data)

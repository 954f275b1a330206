"""Read one input: detect its format, unpack it if necessary, and pass it to the importer of that format."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, BinaryIO, Literal, NamedTuple, TypeAlias, cast

from msgspec.structs import replace

from paperreader.import_formats import IMPORT_FORMATS, ImportFormat
from paperreader.importers.input.content import (
    Content,
    InvalidBytes,
    SourceOrigin,
    UnsupportedContent,
    content_hash,
    input_hash,
    source_origin,
)
from paperreader.importers.input.encoding import UTF8, binary_kind, unicode_encoding
from paperreader.importers.input.files import Input
from paperreader.importers.input.other_files import describe_binary, describe_markup
from paperreader.importers.input.streams import prepend
from paperreader.importers.title_only import TitleOnlyRecords
from paperreader.models import ImportedEntry, Problem

HEAD_BYTES = 65536
"""Bytes at the beginning of a content by which its format is detected."""

MAX_PROBLEMS = 1000
"""Reported for one file; further ones are counted."""

GIVE_UP_AFTER = 10_000
"""Problems after which a file with hardly any papers among them is abandoned."""

ContentReader = Callable[..., Iterator[ImportedEntry | Problem]]
"""`read_entries(content, date=…, today=…)`: reads the file itself, as a stream or with the help of its date."""

TextReader = Callable[[str, str, SourceOrigin], Iterator[ImportedEntry | Problem]]
"""`read_entries(text, file, origin)`: gets the whole text. `file` is the name for problems."""

Packing: TypeAlias = Literal["gzip", "xz", "bzip2", "tar", "zip"]

_PACKING_SIGNATURES: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_TAR_MAGIC, _TAR_MAGIC_OFFSET = b"ustar", 257
_UTF8_BOM = b"\xef\xbb\xbf"


class Detected(NamedTuple):
    """What a content is, judged by its first bytes. If no attribute is set, it is empty so far."""

    format: ImportFormat | None = None
    packing: Packing | None = None
    unsupported: str = ""
    """What it is instead, in words."""


def detect(head: bytes) -> Detected:
    """Return what a content is, by its first `HEAD_BYTES` bytes and never by its name."""
    if not head.removeprefix(_UTF8_BOM).strip():
        return Detected()
    if packing := _detect_packing(head):
        return Detected(packing=packing)
    if (encoding := unicode_encoding(head)) and encoding != UTF8:
        head = head[: len(head) & ~3].decode(encoding, "replace").encode(UTF8, "replace")
    elif (binary := binary_kind(head)) and not _begins_with_json_line(head):
        return Detected(unsupported=describe_binary(binary))
    text = head.removeprefix(_UTF8_BOM).lstrip()
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    first: tuple[int, ImportFormat] | None = None
    for row in IMPORT_FORMATS:
        at = row.detect(text)
        if at is not None and (first is None or at < first[0]):
            first = at, row
        if at == 0:  # no later row can begin earlier, and some of them search the whole text
            break
    if first is None:
        kind = describe_markup(text.decode("utf-8", "replace"))
        return Detected(unsupported=kind or "markup, but neither a web page nor a feed with papers")
    return Detected(first[1])


def _begins_with_json_line(head: bytes) -> bool:
    """Whether the first line looks like an object, so that only the damaged lines after it should be lost."""
    line = head.removeprefix(_UTF8_BOM).lstrip().split(b"\n", 1)[0].rstrip()
    return line[:1] == b"{" and line[-1:] == b"}"


def _detect_packing(head: bytes) -> Packing | None:
    if head[_TAR_MAGIC_OFFSET : _TAR_MAGIC_OFFSET + len(_TAR_MAGIC)] == _TAR_MAGIC:
        return "tar"
    return next((packing for signature, packing in _PACKING_SIGNATURES if head.startswith(signature)), None)


def read_entries(
    item: Input, *, date: str | None, today: datetime.date, on_open: Callable[[BinaryIO], object]
) -> Iterator[ImportedEntry | Problem]:
    """Yield what one input contains, in its order; see `paperreader.importers.read_entries`.

    Raises:
        OSError: it cannot be read.
    """
    with item.open() as file:
        on_open(file)
        content = Content(
            item.name, item.short_name, item.modified, item.observed_at, file, lambda: input_hash(item)
        )
        yield from _read(content, date, today)


def _read(content: Content, date: str | None, today: datetime.date) -> Iterator[ImportedEntry | Problem]:
    """Yield what a content contains, except records of which only the title is known, with a limit to the problems."""
    problems = papers = 0
    invalid: InvalidBytes | None = None
    title_only = TitleOnlyRecords()
    for found in _read_unlimited(content, date, today):
        if isinstance(found, ImportedEntry):
            if title_only.refuses(found):
                continue
            papers += 1
            yield found
            continue
        if isinstance(found, InvalidBytes):
            invalid = found if invalid is None else replace(invalid, count=invalid.count + found.count)
            continue
        problems += 1
        if problems <= MAX_PROBLEMS:
            yield found
        elif problems > GIVE_UP_AFTER and problems > 10 * papers:
            yield Problem(content.name, None, "hardly anything in it can be used; what follows was not read")
            return
    if invalid:
        yield invalid.to_problem()
    if refused := title_only.problem(content.name):
        yield refused
    if problems > MAX_PROBLEMS:
        yield Problem(content.name, None, f"has {problems - MAX_PROBLEMS:,} more problems like these")


def _read_unlimited(
    content: Content, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    try:
        detected, content, skipped = _detect_content(content)
        if detected.unsupported:
            yield Problem(content.name, None, f"is {detected.unsupported}")
        elif detected.packing:
            yield from _unpack(content, detected.packing, date, today)
        elif detected.format:
            yield from _read_format(detected.format, content, date, today)
        else:
            message = "is empty but for white space" if skipped else "the file is empty"
            yield Problem(content.name, None, message)
    except UnsupportedContent as error:
        yield Problem(content.name, None, str(error))


def _detect_content(content: Content) -> tuple[Detected, Content, int]:
    """Return what the content is, the content as if nothing had been read from it, and how much of it is blank."""
    head = content.file.read(HEAD_BYTES)
    detected, skipped = detect(head), 0
    # White space at the beginning, however much of it, says nothing about what follows.
    while detected == Detected() and head:
        skipped += len(head)
        head = content.file.read(HEAD_BYTES)
        detected = detect(head)
    if detected == Detected():
        return detected, content, skipped
    if not content.packing:
        content.file.seek(0)
        return detected, content, 0
    return detected, replace(content, file=prepend(head, content.file)), 0


def _unpack(
    content: Content, packing: Packing, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    if content.packing == "member":
        raise UnsupportedContent("is packed itself, inside the archive; unpack it first")
    if packing in ("tar", "zip"):
        from paperreader.importers.input import archives

        if packing == "zip" and content.packing:
            raise UnsupportedContent("is a zip archive that was compressed once more; unpack it first")
        for member in archives.archive_members(content, packing):
            if isinstance(member, Problem):
                yield member
                continue
            try:
                yield from _read(member, date, today)
            except archives.DAMAGE_ERRORS:
                yield Problem(member.name, None, "is damaged from some point on")
        return
    from paperreader.importers.input.compression import DecompressingReader

    if content.packing:
        raise UnsupportedContent("is compressed twice; unpack it first")
    stream = io.BufferedReader(DecompressingReader(content.file, cast(Any, packing)), HEAD_BYTES)
    unpacked = replace(content, file=cast(BinaryIO, stream), packing="compressed")
    yield from _read_unlimited(unpacked, date, today)


def _read_format(
    format: ImportFormat, content: Content, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield what the importer of the format reads; imported now, since most files need only one.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is too long, damaged, no text, or not what it seemed to be.
    """
    reader = import_module(f"paperreader.importers.{format.reader_module}").read_entries
    if format.reads_content:
        yield from cast(ContentReader, reader)(content, date=date, today=today)
        return
    data = content.read_all()
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    yield from cast(TextReader, reader)(decoded.text, content.name, origin)

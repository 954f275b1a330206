"""Read the members of tar and zip archives as streams; nothing is unpacked to disk."""

from __future__ import annotations

import datetime
import hashlib
import io
import stat
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from msgspec.structs import replace

from paperreader.checked_values import local_time
from paperreader.importers.input.compression import Budget, CountingReader
from paperreader.importers.input.content import EARLIEST_YEAR, HASH_LENGTH, Content, UnsupportedContent
from paperreader.importers.input.files import EXTENSIONS, ignored_files_message
from paperreader.importers.input.other_files import describe_office_file
from paperreader.models import Problem
from paperreader.text.sanitize import single_line

MAX_MEMBERS = 50_000
"""Members that are read; an archive of two years of daily files has five hundred."""

MAX_HEADER_BYTES = 1024 * 1024
"""Bytes of an extended tar header (a long name, a comment)."""

MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
"""Bytes of the central directory of a zip archive."""

DAMAGE_ERRORS = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OverflowError, ValueError)
"""Exceptions of the standard library for a damaged archive."""
_ZIP_ERRORS = (*DAMAGE_ERRORS, RuntimeError)
"""Those of `zipfile`, which raises a `RuntimeError` for encryption and for methods that it does not implement."""

_EXTENDED_HEADERS = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ENCRYPTED = 1
_OUTSIDE_MESSAGE = "has a name that leads out of the archive; it was not read"
_NOT_A_FILE_MESSAGE = "is a link or a device, not a file; it was not read"


def archive_members(archive: Content, form: str) -> Iterator[Content | Problem]:
    """Yield the files in an archive, in its order. Each has to be read before the next one is requested.

    Hidden members and folders are ignored. Links, devices and names that lead out of the archive are problems.

    Raises:
        UnsupportedContent: the archive is damaged, or has too many members.
        OSError: it cannot be read.
    """
    ignored: Counter[str] = Counter()
    found = _tar(archive) if form == "tar" else _zip(archive)
    count = -1
    for count, member in enumerate(found):
        if count == MAX_MEMBERS:
            raise UnsupportedContent(f"contains more than {MAX_MEMBERS:,} files; what follows was not read")
        if isinstance(member, Problem):
            yield member
            continue
        extension = PurePosixPath(member.short_name).suffix.lower()
        if extension in EXTENSIONS:
            yield member
        else:
            ignored[extension] += 1
    if ignored:
        yield Problem(archive.name, None, ignored_files_message(ignored))
    elif count < 0:
        yield Problem(archive.name, None, "the archive contains no files")


def _tar(archive: Content) -> Iterator[Content | Problem]:
    try:
        with tarfile.open(fileobj=archive.file, mode="r|", tarinfo=_Member) as tar:
            while member := tar.next():
                tar.members = []  # type: ignore[attr-defined]  # otherwise it keeps every header in memory
                problem = ""
                if member.isdir() or _is_hidden(member.name):
                    continue
                if not member.isreg() or member.issparse():
                    problem = _NOT_A_FILE_MESSAGE
                made = _content(archive, member.name, problem)
                file = tar.extractfile(member) if isinstance(made, Content) else None
                if isinstance(made, Problem) or file is None:
                    yield made
                    continue
                yield replace(
                    made, file=cast(BinaryIO, file), modified=_local_date(member.mtime) or made.modified
                )
    except DAMAGE_ERRORS as error:
        raise UnsupportedContent("is a damaged tar archive; what follows was not read") from error


class _Member(tarfile.TarInfo):
    """A header that is checked for its size before it is read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Any:
        made = super().frombuf(buf, encoding, errors)
        if made.size < 0 or (made.type in _EXTENDED_HEADERS and made.size > MAX_HEADER_BYTES):
            raise tarfile.ReadError("header too long")
        return made


def _zip(archive: Content) -> Iterator[Content | Problem]:
    size = archive.file.seek(0, io.SEEK_END)
    archive.file.seek(0)
    budget = Budget(lambda: size)
    try:
        with zipfile.ZipFile(cast(BinaryIO, _BoundedReader(archive.file))) as packed:
            if kind := describe_office_file(packed.namelist()):
                raise UnsupportedContent(f"is {kind}")
            for member in packed.infolist():
                if member.filename.endswith("/") or _is_hidden(member.filename):
                    continue
                made = _content(archive, member.filename, _zip_problem(member))
                if isinstance(made, Problem):
                    yield made
                    continue
                try:
                    opened = packed.open(member)
                except _ZIP_ERRORS:
                    yield Problem(made.name, None, "is a damaged member of the archive")
                    continue
                with opened:
                    file = io.BufferedReader(CountingReader(cast(BinaryIO, opened), budget))
                    yield replace(made, file=file, modified=_zip_date(member) or made.modified)
    except _ZIP_ERRORS as error:
        raise UnsupportedContent("is a damaged zip archive") from error


class _BoundedReader:
    """A file that limits single reads, so that `zipfile` cannot load a huge central directory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("central directory too long")
        return self._file.read(size if size >= 0 else MAX_DIRECTORY_BYTES)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _zip_problem(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return _NOT_A_FILE_MESSAGE
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack the archive and import the file"
    if member.compress_type not in _ZIP_METHODS:
        return "is compressed with an unsupported method; unpack the archive and import the file"
    return ""


def _content(archive: Content, name: str, problem: str) -> Content | Problem:
    """Return the member with this name, still without its file, or why it is not read."""
    shown = f"{archive.name}/{single_line(name)}"
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        problem = _OUTSIDE_MESSAGE
    if problem:
        return Problem(shown, None, problem)

    def digest() -> str:
        named = f"{archive.stored_hash()}\n{name}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(named).hexdigest()[:HASH_LENGTH]

    return Content(
        shown, parts[-1], archive.modified, archive.observed_at, io.BytesIO(), digest, packing="member"
    )


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts)


def _local_date(seconds: float) -> datetime.date | None:
    time = local_time(seconds)
    return time.date() if time and time.year >= EARLIEST_YEAR else None


def _zip_date(member: zipfile.ZipInfo) -> datetime.date | None:
    try:
        day = datetime.date(*member.date_time[:3])
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR else None

"""The members of tar and zip archives, read where they lie: nothing is ever unpacked to a disk."""

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

from paperreader.importers.input.compression import Budget, CountingReader
from paperreader.importers.input.content import EARLIEST_YEAR, HASH_LENGTH, Content, UnsupportedContent
from paperreader.importers.input.files import EXTENSIONS, ignored_files_message
from paperreader.models import Problem
from paperreader.text.sanitize import single_line

MAX_MEMBERS = 50_000
"""More are not looked at: two years of days are five hundred."""

MAX_HEADER_BYTES = 1024 * 1024
"""Bytes of a tar header's own attachments (a long name, a comment)."""

MAX_DIRECTORY_BYTES = 16 * 1024 * 1024
"""Bytes of a zip archive's table of contents."""

DAMAGE_ERRORS = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OverflowError, ValueError)
"""What the libraries raise over a broken archive while it is read."""

_ATTACHMENTS = (
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ENCRYPTED = 1
_OUTSIDE = "has a name that leads out of the archive; it was not read"
_NO_FILE = "is a link or a device, not a file; it was not read"


def archive_members(archive: Content, form: str) -> Iterator[Content | Problem]:
    """The files in an archive, in its order; each is to be read before the next is asked for.

    Hidden members and folders are passed over; links, devices and names that lead outside come as problems.

    Raises:
        Refused: the archive is damaged, or holds too much.
        OSError: it cannot be read.
    """
    passed: Counter[str] = Counter()
    found = _tar(archive) if form == "tar" else _zip(archive)
    count = -1
    for count, member in enumerate(found):
        if count == MAX_MEMBERS:
            raise UnsupportedContent(f"holds more than {MAX_MEMBERS:,} files; what follows was not read")
        if isinstance(member, Problem):
            yield member
            continue
        ending = PurePosixPath(member.short_name).suffix.lower()
        if ending in EXTENSIONS:
            yield member
        else:
            passed[ending] += 1
    if passed:
        yield Problem(archive.name, None, ignored_files_message(passed))
    elif count < 0:
        yield Problem(archive.name, None, "the archive holds no files")


def _tar(archive: Content) -> Iterator[Content | Problem]:
    try:
        with tarfile.open(fileobj=archive.file, mode="r|", tarinfo=_Member) as tar:
            while member := tar.next():
                tar.members = []  # type: ignore[attr-defined]  # else every header is kept
                fault = ""
                if member.isdir() or _is_hidden(member.name):
                    continue
                if not member.isreg() or member.issparse():
                    fault = _NO_FILE
                made = _content(archive, member.name, fault)
                file = tar.extractfile(member) if isinstance(made, Content) else None
                if isinstance(made, Problem) or file is None:
                    yield made
                    continue
                yield replace(made, file=cast(BinaryIO, file), modified=_day(member.mtime) or made.modified)
    except DAMAGE_ERRORS as error:
        raise UnsupportedContent("is a damaged tar archive, from some place on") from error


class _Member(tarfile.TarInfo):
    """A header whose attachments are looked at before they are read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Any:
        made = super().frombuf(buf, encoding, errors)
        if made.size < 0 or (made.type in _ATTACHMENTS and made.size > MAX_HEADER_BYTES):
            raise tarfile.ReadError("too long a header")
        return made


def _zip(archive: Content) -> Iterator[Content | Problem]:
    size = archive.file.seek(0, io.SEEK_END)
    archive.file.seek(0)
    budget = Budget(lambda: size)
    try:
        with zipfile.ZipFile(cast(BinaryIO, _BoundedReader(archive.file))) as packed:
            for member in packed.infolist():
                if member.filename.endswith("/") or _is_hidden(member.filename):
                    continue
                made = _content(archive, member.filename, _zip_fault(member))
                if isinstance(made, Problem):
                    yield made
                    continue
                try:
                    opened = packed.open(member)
                except (*DAMAGE_ERRORS, NotImplementedError, RuntimeError):
                    yield Problem(made.name, None, "is a damaged member of the archive")
                    continue
                with opened:
                    file = io.BufferedReader(CountingReader(cast(BinaryIO, opened), budget))
                    yield replace(made, file=file, modified=_zip_day(member) or made.modified)
    except (*DAMAGE_ERRORS, NotImplementedError) as error:
        raise UnsupportedContent("is a damaged zip archive") from error


class _BoundedReader:
    """A file of which nobody reads much at once, as the zip reader would a huge table of contents."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("too long a table of contents")
        return self._file.read(size if size >= 0 else MAX_DIRECTORY_BYTES)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _zip_fault(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return _NO_FILE
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack the archive and import the file"
    if member.compress_type not in _ZIP_METHODS:
        return "is compressed in a way that is not read; unpack the archive and import the file"
    return ""


def _content(archive: Content, name: str, fault: str) -> Content | Problem:
    """The member of that name, still without its file; or why it is not read."""
    shown = f"{archive.name}/{single_line(name)}"
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
        fault = _OUTSIDE
    if fault:
        return Problem(shown, None, fault)

    def digest() -> str:
        named = f"{archive.stored_hash()}\n{name}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(named).hexdigest()[:HASH_LENGTH]

    return Content(
        shown, parts[-1], archive.modified, archive.observed_at, io.BytesIO(), digest, packing="member"
    )


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts)


def _day(seconds: float) -> datetime.date | None:
    try:
        day = datetime.date.fromtimestamp(seconds)
    except (OSError, ValueError, OverflowError):
        return None
    return day if day.year >= EARLIEST_YEAR else None


def _zip_day(member: zipfile.ZipInfo) -> datetime.date | None:
    try:
        day = datetime.date(*member.date_time[:3])
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR else None

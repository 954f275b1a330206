"""The content to import, which is a file, decompressed data, or a member of an archive."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from msgspec import Struct

from paperreader.importers.input.encoding import DecodedText, decode_text
from paperreader.importers.input.files import Input
from paperreader.importers.input.other_files import describe_binary
from paperreader.models import Problem, Source
from paperreader.text.dates import iso_date_in_name
from paperreader.text.sanitize import single_line

MAX_CONTENT_BYTES = 64 * 1024 * 1024
"""Limit for a format that is read as a whole: hundreds of pages or days. Formats with one paper a line have none."""

HASH_LENGTH = 16

EARLIEST_YEAR = 1990
"""Earlier dates are placeholders of archives that do not store dates."""


class UnsupportedContent(Exception):
    """A content that cannot be imported, or not completely. The message continues the name of the file: "is …"."""


class InvalidBytes(Problem, frozen=True):
    """Invalid bytes in a content, at the line of the first of them. Those of one content are reported together."""

    count: int = 1

    def to_problem(self) -> Problem:
        """Return what is reported about them."""
        if self.count == 1:
            message = "contains an invalid byte, which is shown as \ufffd"
        else:
            message = f"contains {self.count:,} invalid bytes, the first one here, which are shown as \ufffd"
        return Problem(self.file, self.line, message)


class Content(Struct, frozen=True):
    """Bytes that are read once, and what is known about them."""

    name: str
    """For display, with the folders or the archive it is in."""
    short_name: str
    """Stored with a paper as its source."""
    modified: datetime.date | None
    """The day it was saved, if known."""
    observed_at: str
    """When it was requested (ISO, UTC), if that is known exactly."""
    file: BinaryIO
    stored_hash: Callable[[], str]
    """Return a hash that identifies these bytes, without reading `file`."""
    packing: Literal["", "compressed", "member"] = ""
    """How it was packed already: inside a member of an archive nothing more is unpacked."""

    def read_all(self) -> bytes:
        """Return all bytes.

        Raises:
            UnsupportedContent: it is longer than `MAX_CONTENT_BYTES`, or damaged.
            OSError: it cannot be read.
        """
        data = self.file.read(MAX_CONTENT_BYTES + 1)
        if len(data) > MAX_CONTENT_BYTES:
            raise UnsupportedContent(
                f"is longer than {MAX_CONTENT_BYTES >> 20} MB; split it into smaller files"
            )
        return data

    def decode(self, data: bytes) -> DecodedText:
        """Return `data` as text.

        Raises:
            UnsupportedContent: it is not text.
        """
        decoded = decode_text(data)
        if decoded.binary:
            raise UnsupportedContent(f"is {describe_binary(decoded.binary)}")
        return decoded

    def encoding_problems(self, decoded: DecodedText) -> Iterator[Problem]:
        """Yield a problem for an encoding that was guessed, and one for invalid bytes."""
        if decoded.assumed:
            yield Problem(
                self.name,
                None,
                f"is not UTF-8 and was read as {decoded.assumed}; if letters are wrong, save it as UTF-8",
            )
        if decoded.invalid_count:
            yield InvalidBytes(self.name, decoded.first_invalid_line, "", decoded.invalid_count)


class SourceOrigin(Struct, frozen=True):
    """What the sources of all records of one content have in common."""

    name: str
    digest: str
    given_date: str | None = None
    """The listing date given by the user, which overrides all others."""
    stated_date: str | None = None
    """The day in the name of the file, or in the object around its items."""
    observed_at: str = ""
    """When the content was requested, if that is known exactly."""
    modified: str = ""
    """The day the file was saved, else the day it is read (ISO)."""

    @property
    def counted_at(self) -> str:
        """When votes in the content were counted, as far as it is known."""
        return self.observed_at or self.modified

    def to_source(
        self, kind: str, index: int, listed: str | None = None, *, is_date_assumed: bool = False
    ) -> Source:
        """Return the source of the record with this index, counted from 0.

        `listed` is its listing day in the content, and `is_date_assumed` says that its year is not stated there.
        """
        key = f"{self.digest}:{index}"
        assumed = is_date_assumed and listed is not None and self.given_date is None
        return Source(kind, self.name, self.given_date or listed, key, assumed)


def source_origin(content: Content, digest: str, *, date: str | None, today: datetime.date) -> SourceOrigin:
    """Return the origin of the records in `content`.

    Args:
        content: what is imported.
        digest: hash of its bytes.
        date: listing date given by the user.
        today: used if the day it was saved is not known.
    """
    return SourceOrigin(
        single_line(content.short_name),
        digest,
        date,
        iso_date_in_name(content.short_name),
        content.observed_at,
        (content.modified or today).isoformat(),
    )


def content_hash(data: bytes) -> str:
    """Return the hash that identifies a content in the keys of its sources."""
    return hashlib.sha256(data).hexdigest()[:HASH_LENGTH]


def input_hash(item: Input) -> str:
    """Return the `content_hash` of an input, which is read in chunks for it.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with item.open() as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()[:HASH_LENGTH]

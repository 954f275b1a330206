"""One text to be read, wherever it lies: in a file, behind its compression, or in an archive."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from msgspec import Struct

from paperreader.importers.input.encoding import DecodedText, decode_text
from paperreader.importers.input.files import Input
from paperreader.models import Problem, Source
from paperreader.text.dates import iso_date_in_name
from paperreader.text.sanitize import single_line

MAX_CONTENT_BYTES = 64 * 1024 * 1024
"""Of a form that has to be read as a whole: hundreds of pages or days. Forms of one paper a line have no such limit."""

HASH_LENGTH = 16

EARLIEST_YEAR = 1990
"""Archives without times give their members the beginning of some calendar."""


class UnsupportedContent(Exception):
    """A content that cannot be used, or not to its end; the message goes on from the file's name: "is …"."""


class Content(Struct, frozen=True):
    """Bytes to be read once, and what is known of them."""

    name: str
    """As it is shown to people, with the folders or the archive it is in."""
    short_name: str
    """What a paper remembers as its source."""
    modified: datetime.date | None
    """The day it was saved, where known."""
    observed_at: str
    """When it was asked for (ISO, UTC), where that is known exactly."""
    file: BinaryIO
    stored_hash: Callable[[], str]
    """A digest that names these bytes without reading `file`."""
    packing: Literal["", "compressed", "member"] = ""
    """What is already around it: within a member of an archive nothing more is unpacked."""

    def read_all(self) -> bytes:
        """Everything.

        Raises:
            Refused: it is longer than `MAX_BYTES`, or damaged.
            OSError: it cannot be read.
        """
        data = self.file.read(MAX_CONTENT_BYTES + 1)
        if len(data) > MAX_CONTENT_BYTES:
            raise UnsupportedContent(
                f"is longer than {MAX_CONTENT_BYTES >> 20} MB; split it into smaller files"
            )
        return data

    def decode(self, data: bytes) -> DecodedText:
        """`data` as text.

        Raises:
            Refused: it is no text.
        """
        decoded = decode_text(data)
        if decoded.binary:
            raise UnsupportedContent(f"is {decoded.binary}, not text")
        return decoded

    def encoding_problems(self, decoded: DecodedText) -> Iterator[Problem]:
        """A problem for every line that held bytes of no character."""
        for line in decoded.damaged_lines:
            yield Problem(self.name, line, "holds bytes of no character, which are shown as \ufffd")


class SourceOrigin(Struct, frozen=True):
    """What the records of one content have in common as their source."""

    name: str
    digest: str
    given_date: str | None = None
    """The listing day that the reader gave: it overrules all others."""
    stated_date: str | None = None
    """The day in the name of the file, or in the frame around its items."""
    observed_at: str = ""
    """When the content was asked for, where that is known exactly."""
    modified: str = ""
    """The day the file was saved, else the day it is read (ISO)."""

    def to_source(self, kind: str, place: int, listed: str | None = None) -> Source:
        """The source of the record at that place, counted from 0."""
        return Source(kind, self.name, self.given_date or listed, f"{self.digest}:{place}")


def source_origin(content: Content, digest: str, *, date: str | None, today: datetime.date) -> SourceOrigin:
    """The origin of what is read from `content`.

    Args:
        content: where it comes from.
        digest: of its bytes.
        date: the listing day the reader gave.
        today: stands for the day it was saved where there is none.
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
    """What names a content in the keys of its sources."""
    return hashlib.sha256(data).hexdigest()[:HASH_LENGTH]


def input_hash(item: Input) -> str:
    """`digest_of` the bytes of an input, which are read for it piece by piece.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with item.open() as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()[:HASH_LENGTH]

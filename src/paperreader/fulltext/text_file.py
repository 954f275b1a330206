"""The file of one version of a full text: a line that describes it, the packed document, the packed page.

The first line is `paperreader full text 1 CRC JSON`, with the CRC-32 of the JSON in eight hex digits. The JSON holds
the fields of `StoredText`, with length and CRC-32 of the two parts. The document is MessagePack of `Document`; both
parts are compressed with zlib. A damaged document is converted again from the page, if that is intact.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Annotated, BinaryIO, Literal
from zlib import crc32

import msgspec
from msgspec import Meta, Struct

from paperreader import storage
from paperreader.fulltext.document import Document, SourceName

FORMAT = 1
"""Version of the format. A file with a higher one is left to the program that wrote it, or is replaced."""

MAX_HEADER_BYTES = 1 << 16
MAX_PART_BYTES = 64 << 20
"""Of a part, packed or unpacked."""

MAX_TEXT_CHARS = 2000
"""Of a URL and other texts in the first line."""

_MAGIC = b"paperreader full text "
_CRC_DIGITS = 8

Number = Annotated[int, Meta(ge=0, le=9999)]
Size = Annotated[int, Meta(ge=0, le=MAX_PART_BYTES)]
Checksum = Annotated[int, Meta(ge=0, le=0xFFFFFFFF)]
ShortText = Annotated[str, Meta(max_length=MAX_TEXT_CHARS)]


class DamagedText(Exception):
    """A file, or a part of it, cannot be used. The message continues the name of the file: "is …"."""


class Part(Struct, frozen=True, array_like=True):
    """Length and checksum of a part, as stored."""

    length: Size = 0
    crc: Checksum = 0

    @staticmethod
    def of(data: bytes) -> Part:
        """Return what describes a packed part."""
        return Part(len(data), crc32(data))


class StoredText(Struct, frozen=True, kw_only=True):
    """A version of the full text of a paper that is stored here. The fields are keys of the file."""

    paper: ShortText
    """The id of the paper, as it was when the text was stored."""
    version: Number = 0
    """The version at arXiv; 0 if unknown."""
    source: SourceName
    kind: Literal["html", "markdown", "pdf"]
    """The format of the page."""
    url: ShortText = ""
    etag: ShortText = ""
    fetched: ShortText = ""
    """When the page was sent (ISO, UTC)."""
    converter: Number = 0
    """The version of the converter that made the document."""
    is_cut: bool = False
    """Whether the page ends in the middle."""
    operation: Annotated[int, Meta(ge=0)] = 0
    """The import that stored it, which removes it when it is undone; 0 if it was fetched."""
    document: Part = Part()
    page: Part = Part()
    """Without the bytes of a PDF, which are not kept."""

    @property
    def has_page(self) -> bool:
        """Whether it can be converted again without a request."""
        return self.page.length > 0


def pack_document(document: Document) -> bytes:
    """Return a document as it is stored."""
    return pack(msgspec.msgpack.encode(document))


def pack(data: bytes) -> bytes:
    """Return data as it is stored."""
    return zlib.compress(data)


def unpack_document(data: bytes) -> Document:
    """Return the document that was packed.

    Raises:
        DamagedText: it is damaged, or of another version of the program.
    """
    try:
        return msgspec.msgpack.decode(unpack(data), type=Document)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedText("holds a document that this version cannot read") from error


def unpack(data: bytes) -> bytes:
    """Return what was packed, at most `MAX_PART_BYTES`.

    Raises:
        DamagedText: it is damaged.
    """
    decompressor = zlib.decompressobj()
    try:
        found = decompressor.decompress(data, MAX_PART_BYTES)
    except zlib.error as error:
        raise DamagedText("is damaged") from error
    if not decompressor.eof:
        raise DamagedText("is damaged")
    return found


def encode_file(text: StoredText, document: bytes, page: bytes) -> tuple[StoredText, bytes]:
    """Return the text with the lengths of its packed parts, and the content of its file."""
    text = msgspec.structs.replace(text, document=Part.of(document), page=Part.of(page))
    fields = msgspec.json.encode(text)
    return text, b"%s%d %08x %s\n%s%s" % (_MAGIC, FORMAT, crc32(fields), fields, document, page)


def read_header(path: Path) -> StoredText:
    """Return what the first line of a file says.

    Raises:
        FileNotFoundError: there is no file.
        DamagedText: it cannot be read, is damaged, or was written by a newer version.
    """
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            return _parse_header(file)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedText(f"cannot be read: {storage.os_error_message(error)}") from error


def read_part(path: Path, name: Literal["document", "page"]) -> bytes:
    """Return a part of a file, still packed.

    Raises:
        FileNotFoundError: there is no file.
        DamagedText: it is damaged.
    """
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            text = _parse_header(file)
            part: Part = getattr(text, name)
            if name == "page":
                file.seek(text.document.length, os.SEEK_CUR)
            data = file.read(part.length)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedText(f"cannot be read: {storage.os_error_message(error)}") from error
    if len(data) != part.length or crc32(data) != part.crc:
        raise DamagedText("is damaged" if len(data) == part.length else "is incomplete")
    return data


def _parse_header(file: BinaryIO) -> StoredText:
    line = file.readline(MAX_HEADER_BYTES)
    if not line.startswith(_MAGIC):
        raise DamagedText("is no full text")
    number, _, rest = line.removeprefix(_MAGIC).partition(b" ")
    if not number.isdigit() or not line.endswith(b"\n"):
        raise DamagedText("is damaged")
    if number != b"%d" % FORMAT:
        raise DamagedText("was written by a newer version of paperreader")
    stated, fields = rest[: _CRC_DIGITS + 1], rest[_CRC_DIGITS + 1 : -1]
    if stated != b"%08x " % crc32(fields):
        raise DamagedText("is damaged")
    try:
        return msgspec.json.decode(fields, type=StoredText)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedText("is damaged") from error

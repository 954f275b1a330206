"""Decode text in an unknown encoding."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from paperreader.importers.input.legacy_encoding import legacy_encoding
from paperreader.lazy_pattern import lazy_pattern

_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office document"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1", "an Arrow table"),
    (b"bplist00", "a property list of macOS, such as a web archive of Safari"),
    (b"\x7fELF", "a program"),
)
UTF8 = "utf-8"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_BOM = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_UTF16_SAMPLE = 4
"""Bytes by which UTF-16 without a byte order mark is recognised: two characters of ASCII."""
_TEXT = lazy_pattern(rb"[\t\n\r -~]+")
_DECLARED = lazy_pattern(
    rb"(?:%\s?encoding\s?:|\bcoding[:=]|\bcharset\s?=|\bencoding\s?=)\s?[\"']?([A-Za-z0-9._-]{2,40})",
    re.IGNORECASE,
)
"""As JabRef, editors, web pages and XML declare it."""
_DECLARATION_BYTES = 2048
_AMBIGUOUS = frozenset(("", "utf-8", "iso8859-1", "ascii"))
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
_ALLOWED_CONTROLS, _MAX_CONTROL_SHARE = 16, 0.05
"""Data with more control bytes, and a larger share of them, is not text."""

_GOOD_SEQUENCE = lazy_pattern(
    b"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_PARTIAL_SEQUENCE = lazy_pattern(
    b"[\xe0-\xef][\x80-\xbf](?![\x80-\xbf])|[\xf0-\xf4][\x80-\xbf]{1,2}(?![\x80-\xbf])"
)


class DecodedText(Struct, frozen=True):
    """The text of a file, or what it is instead."""

    text: str
    binary: str = ""
    """What the bytes are, in words, if they are not text."""
    assumed: str = ""
    """The name of an encoding that was guessed with some risk."""
    invalid_count: int = 0
    """How many invalid bytes, or sequences of them, are U+FFFD in the text."""
    first_invalid_line: int | None = None
    """The line of the first one, from 1."""


def decode_text(data: bytes) -> DecodedText:
    """Decode by the byte order mark, else as UTF-8, else as the older encoding that `legacy_encoding` finds.

    UTF-8 with some invalid bytes stays UTF-8; each becomes U+FFFD and is counted. Line ends become newlines.
    """
    if encoding := unicode_encoding(data):
        return _to_decoded_text(data, encoding)
    binary = binary_kind(data)
    if binary:
        return DecodedText("", binary)
    codec, assumed = find_codec(data)
    return _to_decoded_text(data, codec, assumed)


def unicode_encoding(head: bytes) -> str:
    """Return the encoding that a byte order mark at the beginning means; empty if there is none.

    UTF-16 without one, as some programs of Windows write it, has a NUL beside each of the first characters.
    """
    if found := next((encoding for bom, encoding in _BOMS if head.startswith(bom)), ""):
        return found
    sample = head[:_UTF16_SAMPLE]
    for encoding, first in (("utf-16-le", 0), ("utf-16-be", 1)):
        chars, nuls = sample[first::2], sample[1 - first :: 2]
        if nuls and not nuls.strip(b"\0") and chars.isascii() and _TEXT.fullmatch(chars):
            return encoding
    return ""


def find_codec(data: bytes) -> tuple[str, str]:
    """Return the codec of text without a byte order mark, and the name of one that is a guess with some risk.

    Text that is mostly valid UTF-8 is damaged UTF-8. Otherwise the encoding that the text declares is used, if any.
    """
    try:
        data.decode(UTF8)
    except UnicodeDecodeError:
        if declared := _declared_codec(data):
            return declared, ""
        good = len(_GOOD_SEQUENCE.findall(data)) + len(_PARTIAL_SEQUENCE.findall(data))
        # In Latin-1 two consecutive accented letters are rarely a valid sequence; in damaged UTF-8 most are.
        return (UTF8, "") if good >= data.decode(UTF8, "replace").count("\ufffd") else legacy_encoding(data)
    return UTF8, ""


def _declared_codec(data: bytes) -> str:
    """Return the codec that the beginning of a text declares and that can decode it; empty for none.

    Text that is declared as Latin-1 or ASCII is often in a superset of them.
    """
    found = _DECLARED.search(data[:_DECLARATION_BYTES])
    try:
        codec = codecs.lookup(found[1].decode()).name if found else ""
        if codec in _AMBIGUOUS:
            return ""
        data.decode(codec or UTF8)
    except (LookupError, UnicodeError, TypeError):
        return ""
    return codec


def binary_kind(data: bytes) -> str:
    """Return what `data` is, in words, if it is not text; else empty."""
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    head = data[:65536]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return (
        "binary data"
        if b"\0" in head or controls > max(_ALLOWED_CONTROLS, len(head) * _MAX_CONTROL_SHARE)
        else ""
    )


def count_invalid(data: bytes, text: str, codec: str) -> int:
    """Return how many of the U+FFFD in `text`, which was decoded from `data`, were invalid bytes."""
    found = text.count("\ufffd")
    if not found:
        return 0
    try:
        valid = data.count("\ufffd".encode(_WITHOUT_BOM.get(codec, codec)))
    except UnicodeEncodeError:
        valid = 0
    return max(0, found - valid)


def _to_decoded_text(data: bytes, codec: str, assumed: str = "") -> DecodedText:
    text = data.decode(codec, "replace").removeprefix("\ufeff")
    count = count_invalid(data, text, codec)
    line = _line_of_first_invalid(data, codec) if count else None
    return DecodedText(_unify_line_ends(text), "", assumed, count if line else 0, line)


def _line_of_first_invalid(data: bytes, codec: str) -> int | None:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "replace")
        return _unify_line_ends(before).count("\n") + 1
    return None


def _unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

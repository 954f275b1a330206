"""Decode text that is read as a stream like text that is read as a whole: see `encoding`."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from paperreader.importers.input.content import Content, UnsupportedContent
from paperreader.importers.input.encoding import (
    UTF8,
    DecodedText,
    count_invalid,
    find_codec,
    unicode_encoding,
)
from paperreader.models import Problem

SAMPLE_BYTES = 1 << 20
"""Bytes by which the encoding of a stream is recognised."""

MAX_LINE_CHARS = 64 * 1024 * 1024
"""Characters of one line of a text."""

_BUFFER_BYTES = 65536
_LONGEST_BOM = 4
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


class LineDecoder:
    """Decodes lines that are not UTF-8 in the encoding of the first one of them and of what follows it.

    After other lines that are UTF-8, they are damaged UTF-8.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._codec = ""

    def add_valid(self, line: bytes) -> None:
        """Take into account that this line is valid UTF-8."""
        if not self._codec and not line.isascii():
            self._codec = UTF8

    def decode(self, line: bytes, number: int, following: Callable[[], bytes]) -> tuple[str, list[Problem]]:
        """Return a line as text, and what has to be reported about it.

        Args:
            line: a line that is not UTF-8.
            number: its number, from 1.
            following: returns more of the text, by which its encoding is recognised.
        """
        problems: list[Problem] = []
        if not self._codec:
            self._codec, assumed = find_codec(line + following())
            problems += self._content.encoding_problems(DecodedText("", assumed=assumed))
        text = line.decode(self._codec, "replace")
        count = count_invalid(line, text, self._codec)
        problems += self._content.encoding_problems(
            DecodedText("", invalid_count=count, first_invalid_line=number)
        )
        return text, problems


def as_utf8(file: BinaryIO) -> BinaryIO:
    """Return a stream without a byte order mark: in UTF-8, if it is in UTF-16 or UTF-32, otherwise unchanged."""
    encoding = unicode_encoding(_peek(file))
    if not encoding:
        return file
    if encoding == UTF8:
        file.read(len(codecs.BOM_UTF8))
        return file
    return cast(BinaryIO, io.BufferedReader(_Utf8Stream(file, encoding)))


def read_xml(content: Content) -> Iterator[bytes | str | Problem]:
    """Yield XML in chunks for a parser, as text unless it is valid UTF-8, and problems with its encoding.

    The encoding that it declares is used if the text can be in it.
    """
    first = content.file.read(SAMPLE_BYTES)
    codec, assumed, declared = unicode_encoding(first), "", _declared_codec(first)
    if not codec:
        codec, assumed = find_codec(first)
        if codec != UTF8 and declared and _decodes(first, declared):
            codec, assumed = declared, ""
    yield from content.encoding_problems(DecodedText("", assumed=assumed))
    if codec == UTF8 and declared in ("", UTF8) and _decodes(first, codec):
        yield first
        while chunk := content.file.read(SAMPLE_BYTES):
            yield chunk
        return
    yield from _decoded_chunks(first, codec, content)


def _decoded_chunks(first: bytes, codec: str, content: Content) -> Iterator[str | Problem]:
    decoder, line, chunk = codecs.getincrementaldecoder(codec)("replace"), 1, first
    while chunk:
        text = decoder.decode(chunk)
        if count := count_invalid(chunk, text, codec):
            first_line = line + text.count("\n", 0, text.index("\ufffd"))
            yield from content.encoding_problems(
                DecodedText("", invalid_count=count, first_invalid_line=first_line)
            )
        line += text.count("\n")
        yield text.removeprefix("\ufeff") if chunk is first else text
        chunk = content.file.read(SAMPLE_BYTES)


def _declared_codec(data: bytes) -> str:
    """Return the codec that XML declares, empty if it declares none, or a name that is not known."""
    found = _DECLARED.match(data)
    name = found[1].decode() if found else ""
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return name


def _decodes(data: bytes, codec: str) -> bool:
    """Whether `data` is valid in an encoding, apart from a character that is cut at its end."""
    try:
        codecs.getincrementaldecoder(codec)().decode(data)
    except (UnicodeError, LookupError, TypeError):
        return False
    return True


def prepend(head: bytes, file: BinaryIO) -> BinaryIO:
    """Return a stream of bytes that were read from a file already, and of the rest of it."""
    return cast(BinaryIO, io.BufferedReader(_PrependedStream(head, file), _BUFFER_BYTES))


class TextStream:
    """A text of any length, as a stream, with the encoding that its beginning is in; line ends become newlines."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        """Recognise the encoding.

        Args:
            head: the beginning of the text, which was read from the file already.
            file: the rest of it.
        """
        codec, self.assumed = unicode_encoding(head), ""
        """`assumed` is the name of an encoding that was guessed with some risk."""
        if not codec:
            # A character may be cut at the end.
            codec, self.assumed = find_codec(head.rpartition(b"\n")[0] or head)
        self._text = io.TextIOWrapper(prepend(head, file), codec, errors="replace")
        self._invalid_count = 0
        self._first_invalid_line: int | None = None
        self._line = 1
        self._is_start = True

    @property
    def damage(self) -> DecodedText:
        """The number of invalid bytes so far, and the line of the first one, for a report; without the text."""
        return DecodedText("", invalid_count=self._invalid_count, first_invalid_line=self._first_invalid_line)

    def read(self, size: int) -> str:
        """Return so many characters; fewer only at the end."""
        return self._checked(self._text.read(size))

    def lines(self) -> Iterator[str]:
        """Yield the lines, with their ends.

        Raises:
            UnsupportedContent: a line is too long.
        """
        while line := self._text.readline(MAX_LINE_CHARS + 1):
            if len(line) > MAX_LINE_CHARS:
                raise UnsupportedContent("has a line that is too long; what follows was not read")
            yield self._checked(line)

    def _checked(self, text: str) -> str:
        """Return a text that was read, without a byte order mark, after counting lines and invalid bytes in it."""
        if "\ufffd" in text:
            self._invalid_count += text.count("\ufffd")
            if self._first_invalid_line is None:
                self._first_invalid_line = self._line + text.count("\n", 0, text.index("\ufffd"))
        self._line += text.count("\n")
        if self._is_start and text:
            self._is_start = False
            return text.removeprefix("\ufeff")
        return text


def _peek(file: BinaryIO) -> bytes:
    """Return the first bytes of a stream without reading them from it."""
    peek = getattr(file, "peek", None)
    if peek is not None:
        return cast(bytes, peek(_LONGEST_BOM)[:_LONGEST_BOM])
    head = file.read(_LONGEST_BOM)
    file.seek(-len(head), io.SEEK_CUR)
    return head


class _PrependedStream(io.RawIOBase):
    """A stream with its first bytes put back."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head = memoryview(head)
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._file.read(len(buffer))
        self._head = self._head[len(data) :] if self._head else memoryview(b"")
        buffer[: len(data)] = data
        return len(data)


class _Utf8Stream(io.RawIOBase):
    """A stream in another encoding, as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = self._file.read(SAMPLE_BYTES)
            self._rest = self._decoder.decode(chunk, not chunk).encode(UTF8, "replace")
            if not chunk:
                break
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

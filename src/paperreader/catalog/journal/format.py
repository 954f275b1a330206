"""The format of `papers.jsonl`: a header line, then chunks of lines, each closed by a commit line.

    {"paperreader":1,"library":UUID,"generation":N,"from":[BYTES,CRC]}
    {"id":…}                                     a paper; the last line of an id counts
    {"alias":OLD,"id":NEW}                       OLD was merged into NEW
    {"removed":ID,…}                             ID was removed
    {"imported":MOMENT,…}                        what an import added and changed, to undo it
    {"commit":n,"crc":…,"sums":"…"}              closes a chunk of n lines

`crc` is the CRC-32 of the chunk's bytes (line ends included, the commit line not). `sums` is the CRC-32 of each of
its lines without line end, eight hex digits a line: when the checksum of the chunk does not match, it identifies the
damaged lines, and the others are still used. Anything after the last commit line was never finished: it is ignored when
reading, and the next writer recovers its complete lines. Checksums are those of lines that end with LF, even in a file
with CRLF.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, field

from paperreader.catalog.journal.positioned_io import read_at, write_at
from paperreader.checked_values import MAX_GENERATION, MAX_VERSION, load_json
from paperreader.errors import StorageError
from paperreader.lazy_pattern import lazy_pattern
from paperreader.storage import os_error_message

Item = TypeVar("Item")

VERSION = 1
PAPERS_PER_CHUNK = 1000
"""An interrupted import has to repeat at most this many papers."""

CATALOG_LOCK_NAME = "catalog.lock"
"""The lock file next to the catalog, held for each chunk that is written."""

COMMIT_PREFIX = b'{"commit":'
_UUID_PATTERN = lazy_pattern("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAX_HEADER_LENGTH = 4096


class JournalLine(NamedTuple):
    """One line of a chunk, without its line end."""

    number: int
    """Counted from 1 in the file."""
    offset: int
    data: bytes
    crc: int

    @property
    def is_json_object(self) -> bool:
        """Whether the line can be parsed; without a checksum, it counts as undamaged then."""
        try:
            parse_line(self.data)
        except ValueError:
            return False
        return True


class JournalHeader(Struct, frozen=True):
    """The first line of the file."""

    uuid: str
    generation: int
    length: int
    """Bytes, line end included."""
    crc: int
    """CRC-32 of the line without its line end."""
    damaged: bool = False
    """The line could not be read; these values replace it until the file is rewritten."""
    compacted: tuple[int, int] | None = None
    """The bytes of the generation that was compacted, and its last checksum; None if unknown."""


class Chunk(Struct, frozen=True):
    """A closed chunk: its good lines, and its damaged ones."""

    end: int
    """Offset of the first byte after the commit line."""
    crc: int
    """CRC-32 of the chunk's bytes without the commit line."""
    commit_line_length: int
    """Bytes, line end included."""
    commit_line_crc: int
    """CRC-32 of the commit line without its line end."""
    total_lines: int
    """Lines of the file up to and including the commit line."""
    lines: list[JournalLine]
    damaged: list[JournalLine] = field(default_factory=list)


def encode_header(uuid: str, generation: int, compacted: tuple[int, int] | None = None) -> bytes:
    """Return the first line of a catalog, line end included.

    `compacted` is what the generation before it ended with: the bytes up to its last commit, and the checksum there.
    """
    origin = b',"from":[%d,%d]' % compacted if compacted else b""
    return b'{"paperreader":%d,"library":"%s","generation":%d%s}\n' % (
        VERSION,
        uuid.encode("ascii"),
        generation,
        origin,
    )


def read_header(descriptor: int) -> JournalHeader | None:
    """Read the first line of an open catalog. Return None for an empty file.

    A damaged header is replaced by a usable one, so that the papers after it can still be read.

    Raises:
        StorageError: a newer version wrote the file.
    """
    start = read_at(descriptor, _MAX_HEADER_LENGTH, 0)
    if not start:
        return None
    raw = start[: (start.find(b"\n") + 1) or None]
    line = without_line_end(raw)
    length, crc = len(raw), zlib.crc32(line)
    try:
        data = json.loads(line)
        version, uuid, generation = data["paperreader"], data["library"], data["generation"]
        if type(version) is int and VERSION < version <= MAX_VERSION:
            raise StorageError(
                "papers.jsonl was written by a newer paperreader; update this one to read the library."
            )
        if (
            version == VERSION
            and type(generation) is int
            and 0 < generation <= MAX_GENERATION
            and _UUID_PATTERN.fullmatch(uuid)
        ):
            return JournalHeader(uuid, generation, length, crc, compacted=_parse_origin(data.get("from")))
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    if line.startswith((b'{"id":', b'{"removed":', b'{"alias":', COMMIT_PREFIX)):
        length = 0  # the header line is missing altogether
    found = _UUID_PATTERN.search(line.decode("ascii", "replace"))
    return JournalHeader(found[0] if found else _fallback_uuid(line), 0, length, crc, damaged=True)


def encode_chunk(lines: Sequence[bytes], start: int, line_number: int) -> tuple[bytes, Chunk]:
    """Encode lines (without line ends) as a chunk that begins at byte `start`.

    Returns the bytes to write, and the chunk as `read_chunks` will read it.
    """
    body = b"".join(line + b"\n" for line in lines)
    chunk_lines, offset = [], start
    for number, line in enumerate(lines, line_number):
        chunk_lines.append(JournalLine(number, offset, line, zlib.crc32(line)))
        offset += len(line) + 1
    crc = zlib.crc32(body)
    sums = "".join(f"{line.crc:08x}" for line in chunk_lines)
    commit_line = b'%s%d,"crc":%d,"sums":"%s"}' % (COMMIT_PREFIX, len(lines), crc, sums.encode("ascii"))
    end = offset + len(commit_line) + 1
    chunk = Chunk(
        end, crc, len(commit_line) + 1, zlib.crc32(commit_line), line_number + len(lines), chunk_lines
    )
    return body + commit_line + b"\n", chunk


def encode_chunks(lines: Iterable[bytes], start: int) -> Iterator[tuple[bytes, Chunk]]:
    """Encode lines as chunks that follow the header of a new file, which ends at byte `start`. See `encode_chunk`."""
    number = 2
    for batch in in_batches(lines):
        data, chunk = encode_chunk(batch, start, number)
        yield data, chunk
        start, number = chunk.end, chunk.total_lines + 1


def in_batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Split items into lists of at most `PAPERS_PER_CHUNK`."""
    iterator = iter(items)
    while batch := list(islice(iterator, PAPERS_PER_CHUNK)):
        yield batch


def parse_line(line: bytes) -> dict[str, Any]:
    """Parse the JSON object on a line.

    Raises:
        ValueError: the line is no JSON object.
    """
    data = load_json(line)
    if not isinstance(data, dict):
        raise ValueError("the line is not a JSON object")
    return data


def has_commit_at(descriptor: int, committed: int, length: int, crc: int) -> bool:
    """Return whether a commit line with that length and checksum ends at byte `committed`."""
    if length < 1 or committed < length:
        return False
    line = read_at(descriptor, length, committed - length)
    return len(line) == length and zlib.crc32(without_line_end(line)) == crc


def without_line_end(line: bytes) -> bytes:
    """Remove the line end, which is LF, or CRLF where git or another program has converted it."""
    return line.removesuffix(b"\n").removesuffix(b"\r")


def line_end_before(descriptor: int, offset: int) -> bytes:
    """Return what is missing before byte `offset` for a new line to begin there: a line end, or nothing."""
    return b"" if not offset or read_at(descriptor, 1, offset - 1) == b"\n" else b"\n"


def truncate(descriptor: int, committed: int) -> None:
    """Cut off what follows the last good commit, and flush that to the disk.

    Raises:
        StorageError: it is still there.
    """
    try:
        os.ftruncate(descriptor, committed)
        os.fsync(descriptor)
    except OSError as error:
        raise StorageError(f"Cannot write papers.jsonl: {os_error_message(error)}.") from error


def append_chunk(descriptor: int, committed: int, data: bytes) -> None:
    """Write `data` after the last good commit and flush it to disk. An unfinished chunk found there is cut off first.

    Raises:
        StorageError: nothing was committed; the file ends with the last good commit, or with an unfinished chunk.
    """
    try:
        os.ftruncate(descriptor, committed)
        write_at(descriptor, data, committed)
        os.fsync(descriptor)
    except OSError as error:
        with suppress(OSError):
            os.ftruncate(descriptor, committed)
        raise StorageError(
            f"Cannot write papers.jsonl: {os_error_message(error)}. "
            "Earlier imports are safe. Free some space and repeat."
        ) from error


def _parse_origin(value: Any) -> tuple[int, int] | None:
    is_valid = isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value)
    return (value[0], value[1]) if is_valid else None


def _fallback_uuid(line: bytes) -> str:
    """Derive a UUID for a library whose own is unreadable: the same in every process, so that caches are found."""
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_OID, line.decode("latin-1")))

"""The format of `papers.jsonl`: a header line, then chunks of lines, each closed by a commit line.

    {"paperreader":1,"library":UUID,"generation":N}
    {"id":…}                                     a paper; the last line of an id wins
    {"alias":OLD,"id":NEW}                       OLD was joined into NEW
    {"removed":ID,…}                             ID is gone
    {"imported":MOMENT,…}                        what an import brought, to undo it with
    {"commit":n,"crc":…,"sums":"…"}              closes a chunk of n lines

`crc` is the CRC-32 of the chunk's bytes (line ends included, the commit line not). `sums` is the CRC-32 of each of
its lines without line end, eight hex digits a line: it tells which line is the damaged one when the chunk's checksum
does not fit, and the others are kept. What stands after the last commit line was never finished and is ignored.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from msgspec import Struct, field

from paperreader.errors import StorageError
from paperreader.storage import os_error_message

VERSION = 1
CHUNK = 1000
"""Papers a chunk: what an interrupted import may have to repeat."""

COMMIT_PREFIX = b'{"commit":'
_UUID_PATTERN = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAX_HEADER_LENGTH = 4096
_READ_BYTES = 1 << 20


class JournalLine(NamedTuple):
    """One line of a chunk, without its line end."""

    number: int
    """Counted from 1 in the file."""
    offset: int
    data: bytes
    crc: int


class JournalHeader(Struct, frozen=True):
    """The first line."""

    uuid: str
    generation: int
    length: int
    """Bytes, line end included."""
    crc: int
    """CRC-32 of the line without its line end."""
    damaged: bool = False
    """The line could not be read; what is here stands in for it until the file is written anew."""


class Chunk(Struct, frozen=True):
    """A chunk that was closed: its good lines, and what was damaged."""

    end: int
    """Byte behind the commit line."""
    crc: int
    commit_line_length: int
    """Bytes of the commit line, line end included."""
    commit_line_crc: int
    """CRC-32 of the commit line without its line end."""
    total_lines: int
    """Lines of the file up to and with the commit line."""
    lines: list[JournalLine]
    damaged: list[JournalLine] = field(default_factory=list)


def encode_header(uuid: str, generation: int) -> bytes:
    """The first line of a catalog, line end included."""
    return b'{"paperreader":%d,"library":"%s","generation":%d}\n' % (
        VERSION,
        uuid.encode("ascii"),
        generation,
    )


def read_header(descriptor: int) -> JournalHeader | None:
    """The first line of an open catalog; None when the file is empty.

    A damaged one is stood in for: the papers behind it are worth more than it is.

    Raises:
        StorageError: a newer version wrote the file.
    """
    start = read_at(descriptor, _MAX_HEADER_LENGTH, 0)
    if not start:
        return None
    line = start.partition(b"\n")[0]
    length, crc = len(line) + 1, zlib.crc32(line)
    try:
        data = json.loads(line)
        version, uuid, generation = data["paperreader"], data["library"], data["generation"]
        if type(version) is int and version > VERSION:
            raise StorageError(
                "papers.jsonl was written by a newer paperreader; update this one to read the library."
            )
        if (
            version == VERSION
            and type(generation) is int
            and generation > 0
            and _UUID_PATTERN.fullmatch(uuid)
        ):
            return JournalHeader(uuid, generation, length, crc)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    if line.startswith((b'{"id":', b'{"removed":', b'{"alias":', COMMIT_PREFIX)):
        length = 0  # the header line is gone altogether
    found = _UUID_PATTERN.search(line.decode("ascii", "replace"))
    return JournalHeader(found[0] if found else _fallback_uuid(line), 0, length, crc, damaged=True)


def encode_chunk(lines: Sequence[bytes], start: int, line_number: int) -> tuple[bytes, Chunk]:
    """Those lines (without line ends) as the bytes of a chunk that begins at byte `start`, and what `scan` will give
    of it.
    """
    body = b"".join(line + b"\n" for line in lines)
    placed, offset = [], start
    for number, line in enumerate(lines, line_number):
        placed.append(JournalLine(number, offset, line, zlib.crc32(line)))
        offset += len(line) + 1
    crc = zlib.crc32(body)
    sums = "".join(f"{line.crc:08x}" for line in placed)
    seal = b'%s%d,"crc":%d,"sums":"%s"}' % (COMMIT_PREFIX, len(lines), crc, sums.encode("ascii"))
    end = offset + len(seal) + 1
    chunk = Chunk(end, crc, len(seal) + 1, zlib.crc32(seal), line_number + len(lines), placed)
    return body + seal + b"\n", chunk


def read_chunks(descriptor: int, start: int, line_number: int) -> Iterator[Chunk]:
    """The closed chunks from byte `start` on, where the line with that number begins."""
    pending: list[JournalLine] = []
    body_crc = 0
    for line in _read_lines(descriptor, start, line_number):
        if not line.data.startswith(COMMIT_PREFIX):
            pending.append(line)
            body_crc = zlib.crc32(b"\n", zlib.crc32(line.data, body_crc))
            continue
        good, bad = _split_damaged(pending, body_crc, line)
        end = line.offset + len(line.data) + 1
        yield Chunk(end, body_crc, len(line.data) + 1, line.crc, line.number, good, bad)
        pending, body_crc = [], 0


def parse_line(line: bytes) -> dict[str, Any]:
    """The object on a line.

    Raises:
        ValueError: there is none.
    """
    try:
        data = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("the line holds no object")
    return data


def has_commit_at(descriptor: int, committed: int, seal_length: int, seal_crc: int) -> bool:
    """Whether the file has, right before byte `committed`, the line with that length and checksum."""
    if seal_length < 1 or committed < seal_length:
        return False
    seal = read_at(descriptor, seal_length, committed - seal_length)
    return len(seal) == seal_length and seal.endswith(b"\n") and zlib.crc32(seal[:-1]) == seal_crc


def chunk_crc_at(descriptor: int, committed: int) -> int | None:
    """The checksum told by the commit line that ends at byte `committed`; None where there is no such line."""
    start = max(0, committed - 64 * 1024)
    tail = read_at(descriptor, committed - start, start)
    if not tail.endswith(b"\n"):
        return None
    commit = _parse_commit(tail[:-1].rpartition(b"\n")[2])
    return commit.crc if commit else None


def append_chunk(descriptor: int, committed: int, data: bytes) -> None:
    """Write `data` behind the last good commit, cutting what an interrupted writer left there, and flush it.

    Raises:
        StorageError: nothing of it counts; the file ends with the last good commit, or with an unfinished chunk.
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


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Up to `length` bytes from `offset` on; fewer at the end of the file. Leaves no file position behind."""
    parts = []
    while length > 0 and (part := os.pread(descriptor, length, offset)):
        parts.append(part)
        length -= len(part)
        offset += len(part)
    return b"".join(parts)


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at `offset`."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written


class _CommitLine(NamedTuple):
    lines: int
    crc: int
    line_crcs: frozenset[int] | None
    """None where there are none; empty where they are damaged."""


def _parse_commit(line: bytes) -> _CommitLine | None:
    """What a commit line says; None when it is damaged."""
    try:
        data = json.loads(line)
        count, crc = data["commit"], data["crc"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(count) is not int or type(crc) is not int:
        return None
    return _CommitLine(count, crc, _parse_line_crcs(data.get("sums"), count))


def _parse_line_crcs(text: Any, count: int) -> frozenset[int] | None:
    if text is None:
        return None
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]*", text) or len(text) != 8 * count:
        return frozenset()
    return frozenset(int(text[place : place + 8], 16) for place in range(0, len(text), 8))


def _split_damaged(
    lines: list[JournalLine], crc: int, seal: JournalLine
) -> tuple[list[JournalLine], list[JournalLine]]:
    """The good and the damaged among the lines before a commit line (itself among the damaged, if it is)."""
    commit = _parse_commit(seal.data)
    if commit and commit.crc == crc and commit.lines == len(lines):
        return lines, [] if commit.line_crcs in (None, {line.crc for line in lines}) else [seal]
    if commit is None:
        good, bad = _partition(lines, _is_json_object)
        return good, [*bad, seal]
    if not commit.line_crcs:
        good, bad = _partition(lines, _is_json_object)
        return good, bad if commit.line_crcs is None else [*bad, seal]
    # Where the commit line before was destroyed, its chunk stands here in front: those lines are judged by what they
    # look like. This chunk's own lines are the last ones, and its sums know each of them.
    sums, own = commit.line_crcs, len(lines) - commit.lines
    first_own = lines[own].number if 0 <= own < len(lines) else 0
    return _partition(
        lines, lambda line: line.crc in sums or (line.number < first_own and _is_json_object(line))
    )


def _partition(lines: Iterable[JournalLine], is_good: Any) -> tuple[list[JournalLine], list[JournalLine]]:
    good: list[JournalLine] = []
    bad: list[JournalLine] = []
    for line in lines:
        (good if is_good(line) else bad).append(line)
    return good, bad


def _is_json_object(line: JournalLine) -> bool:
    try:
        return isinstance(json.loads(line.data), dict)
    except (ValueError, RecursionError):
        return False


def _read_lines(descriptor: int, offset: int, number: int) -> Iterator[JournalLine]:
    """The lines from byte `offset` on; what stands behind the last line end is none."""
    position, rest = offset, b""
    while block := read_at(descriptor, _READ_BYTES, position):
        position += len(block)
        pieces = (rest + block).split(b"\n")
        rest = pieces.pop()
        for data in pieces:
            yield JournalLine(number, offset, data, zlib.crc32(data))
            offset += len(data) + 1
            number += 1


def _fallback_uuid(line: bytes) -> str:
    """A UUID for a library whose own is unreadable: the same in every process, so that caches are found again."""
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_OID, line.decode("latin-1")))

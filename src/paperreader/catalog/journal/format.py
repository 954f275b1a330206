"""The format of `papers.jsonl`: a header line, then chunks of lines, each closed by a commit line.

    {"paperreader":1,"library":UUID,"generation":N}
    {"id":…}                                     a paper; the last line of an id counts
    {"alias":OLD,"id":NEW}                       OLD was merged into NEW
    {"removed":ID,…}                             ID was removed
    {"imported":MOMENT,…}                        what an import added and changed, to undo it
    {"commit":n,"crc":…,"sums":"…"}              closes a chunk of n lines

`crc` is the CRC-32 of the chunk's bytes (line ends included, the commit line not). `sums` is the CRC-32 of each of
its lines without line end, eight hex digits a line: when the checksum of the chunk does not match, it identifies the
damaged lines, and the others are still used. Anything after the last commit line was never finished and is ignored.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from msgspec import Struct, field

from paperreader.catalog.journal.positioned_io import read_at, write_at
from paperreader.errors import StorageError
from paperreader.storage import os_error_message

VERSION = 1
PAPERS_PER_CHUNK = 1000
"""An interrupted import has to repeat at most this many papers."""

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
    """The first line of the file."""

    uuid: str
    generation: int
    length: int
    """Bytes, line end included."""
    crc: int
    """CRC-32 of the line without its line end."""
    damaged: bool = False
    """The line could not be read; these values replace it until the file is rewritten."""


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


def encode_header(uuid: str, generation: int) -> bytes:
    """Return the first line of a catalog, line end included."""
    return b'{"paperreader":%d,"library":"%s","generation":%d}\n' % (
        VERSION,
        uuid.encode("ascii"),
        generation,
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


def read_chunks(descriptor: int, start: int, line_number: int) -> Iterator[Chunk]:
    """Read the closed chunks from byte `start` on, where the line with that number begins."""
    pending: list[JournalLine] = []
    body_crc = 0
    for line in _read_lines(descriptor, start, line_number):
        if not line.data.startswith(COMMIT_PREFIX):
            pending.append(line)
            body_crc = zlib.crc32(b"\n", zlib.crc32(line.data, body_crc))
            continue
        good, damaged = _split_damaged(pending, body_crc, line)
        end = line.offset + len(line.data) + 1
        yield Chunk(end, body_crc, len(line.data) + 1, line.crc, line.number, good, damaged)
        pending, body_crc = [], 0


def parse_line(line: bytes) -> dict[str, Any]:
    """Parse the JSON object on a line.

    Raises:
        ValueError: the line is no JSON object.
    """
    try:
        data = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("the line is not a JSON object")
    return data


def has_commit_at(descriptor: int, committed: int, length: int, crc: int) -> bool:
    """Return whether a commit line with that length and checksum ends at byte `committed`."""
    if length < 1 or committed < length:
        return False
    line = read_at(descriptor, length, committed - length)
    return len(line) == length and line.endswith(b"\n") and zlib.crc32(line[:-1]) == crc


def chunk_crc_at(descriptor: int, committed: int) -> int | None:
    """Return the chunk checksum in the commit line that ends at byte `committed`, or None without such a line."""
    start = max(0, committed - 64 * 1024)
    tail = read_at(descriptor, committed - start, start)
    if not tail.endswith(b"\n"):
        return None
    commit = _parse_commit(tail[:-1].rpartition(b"\n")[2])
    return commit.crc if commit else None


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


class _CommitLine(NamedTuple):
    line_count: int
    crc: int
    line_crcs: frozenset[int] | None
    """None where the line has no `sums`; empty where they are damaged."""


def _parse_commit(line: bytes) -> _CommitLine | None:
    """Parse a commit line. Return None if it is damaged."""
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
    return frozenset(int(text[index : index + 8], 16) for index in range(0, len(text), 8))


def _split_damaged(
    lines: list[JournalLine], crc: int, commit_line: JournalLine
) -> tuple[list[JournalLine], list[JournalLine]]:
    """Split the lines before a commit line into good and damaged ones. A damaged commit line counts as the latter."""
    commit = _parse_commit(commit_line.data)
    if commit and commit.crc == crc and commit.line_count == len(lines):
        return lines, [] if commit.line_crcs in (None, {line.crc for line in lines}) else [commit_line]
    if commit is None or not commit.line_crcs:
        good, damaged = _partition(lines, _is_json_object)
        has_no_sums = commit is not None and commit.line_crcs is None
        return good, damaged if has_no_sums else [*damaged, commit_line]
    # If the previous commit line was destroyed, the lines of its chunk precede those of this one. They have no
    # checksum, so they count as good when they parse. This chunk's own lines come last and are checked by checksum.
    line_crcs, first_own_index = commit.line_crcs, len(lines) - commit.line_count
    first_own = lines[first_own_index].number if 0 <= first_own_index < len(lines) else 0
    return _partition(
        lines, lambda line: line.crc in line_crcs or (line.number < first_own and _is_json_object(line))
    )


def _partition(
    lines: Iterable[JournalLine], is_good: Callable[[JournalLine], bool]
) -> tuple[list[JournalLine], list[JournalLine]]:
    good: list[JournalLine] = []
    damaged: list[JournalLine] = []
    for line in lines:
        (good if is_good(line) else damaged).append(line)
    return good, damaged


def _is_json_object(line: JournalLine) -> bool:
    try:
        parse_line(line.data)
    except ValueError:
        return False
    return True


def _read_lines(descriptor: int, offset: int, number: int) -> Iterator[JournalLine]:
    """Read the lines from byte `offset` on. Bytes after the last line end are not a line."""
    position, rest = offset, b""
    while block := read_at(descriptor, _READ_BYTES, position):
        position += len(block)
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
        for data in parts:
            yield JournalLine(number, offset, data, zlib.crc32(data))
            offset += len(data) + 1
            number += 1


def _fallback_uuid(line: bytes) -> str:
    """Derive a UUID for a library whose own is unreadable: the same in every process, so that caches are found."""
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_OID, line.decode("latin-1")))

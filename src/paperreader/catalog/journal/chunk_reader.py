"""Read the closed chunks of `papers.jsonl`: which of their lines are good, and what follows the last of them.

Lines end with LF, or with CRLF where git or another program has converted them; the carriage return belongs to the line
end and not to the line. Blank lines are skipped. The last commit line counts without its line end, which editors and
transfers lose.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from paperreader.catalog.journal.format import (
    COMMIT_PREFIX,
    Chunk,
    JournalLine,
    without_line_end,
)
from paperreader.catalog.journal.positioned_io import read_at

_READ_BYTES = 1 << 20


def read_chunks(descriptor: int, start: int, line_number: int) -> Iterator[Chunk]:
    """Read the closed chunks from byte `start` on, where the line with that number begins."""
    pending: list[JournalLine] = []
    body_crc = 0
    for line, end, is_complete in _read_lines(descriptor, start, line_number):
        if not line.data.startswith(COMMIT_PREFIX):
            pending.append(line)
            body_crc = zlib.crc32(b"\n", zlib.crc32(line.data, body_crc))
            continue
        if not is_complete and not _closes_chunk(line, pending, body_crc):
            return
        good, damaged = _split_damaged(pending, body_crc, line)
        yield Chunk(end, body_crc, end - line.offset, line.crc, line.number, good, damaged)
        pending, body_crc = [], 0


def read_tail(descriptor: int, committed: int, line_number: int) -> Iterator[JournalLine]:
    """Read the lines after the last closed chunk, which ends at byte `committed`. The last one may be incomplete."""
    for line, _, _ in _read_lines(descriptor, committed, line_number):
        yield line


def chunk_crc_at(descriptor: int, committed: int) -> int | None:
    """Return the chunk checksum in the commit line that ends at byte `committed`, or None without such a line."""
    start = max(0, committed - 64 * 1024)
    tail = read_at(descriptor, committed - start, start)
    commit = _parse_commit(without_line_end(tail).rpartition(b"\n")[2])
    return commit.crc if commit else None


def _read_lines(descriptor: int, offset: int, number: int) -> Iterator[tuple[JournalLine, int, bool]]:
    """Read the lines from byte `offset` on, each with the offset after it, and whether it has a line end."""
    if offset and read_at(descriptor, 1, offset - 1) != b"\n":
        # The line before was read without its line end, which was written later.
        line_end = read_at(descriptor, 2, offset)
        offset += len(line_end) - len(line_end.lstrip(b"\r\n"))
    position, rest = offset, b""
    while block := read_at(descriptor, _READ_BYTES, position):
        position += len(block)
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
        for part in parts:
            end = offset + len(part) + 1
            if data := part.removesuffix(b"\r"):
                yield JournalLine(number, offset, data, zlib.crc32(data)), end, True
            offset = end
            number += 1
    if data := rest.removesuffix(b"\r"):
        yield JournalLine(number, offset, data, zlib.crc32(data)), offset + len(rest), False


def _closes_chunk(commit_line: JournalLine, lines: list[JournalLine], crc: int) -> bool:
    """Return whether a commit line without line end is complete, and not one that another process is writing."""
    commit = _parse_commit(commit_line.data)
    return commit is not None and commit.matches(lines, crc)


class _CommitLine(NamedTuple):
    line_count: int
    crc: int
    line_crcs: frozenset[int] | None
    """None where the line has no `sums`; empty where they are damaged."""

    def matches(self, lines: list[JournalLine], crc: int) -> bool:
        """Return whether these lines, with that checksum, are those that it closes."""
        return self.crc == crc and self.line_count == len(lines)


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
    if commit and commit.matches(lines, crc):
        return lines, [] if commit.line_crcs in (None, {line.crc for line in lines}) else [commit_line]
    if commit is None or not commit.line_crcs:
        good, damaged = _partition(lines, lambda line: line.is_json_object)
        has_no_sums = commit is not None and commit.line_crcs is None
        return good, damaged if has_no_sums else [*damaged, commit_line]
    # If the previous commit line was destroyed, the lines of its chunk precede those of this one. They have no
    # checksum, so they count as good when they parse. This chunk's own lines come last and are checked by checksum.
    line_crcs, first_own_index = commit.line_crcs, len(lines) - commit.line_count
    first_own = lines[first_own_index].number if 0 <= first_own_index < len(lines) else 0
    return _partition(
        lines, lambda line: line.crc in line_crcs or (line.number < first_own and line.is_json_object)
    )


def _partition(
    lines: Iterable[JournalLine], is_good: Callable[[JournalLine], bool]
) -> tuple[list[JournalLine], list[JournalLine]]:
    good: list[JournalLine] = []
    damaged: list[JournalLine] = []
    for line in lines:
        (good if is_good(line) else damaged).append(line)
    return good, damaged

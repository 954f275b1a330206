"""Resolve the conflict markers that git leaves in `papers.jsonl` when both sides changed it.

Each side becomes a catalog of its own: the first replaces the file, the second becomes a conflict copy, which is merged
like any other. Git mixes chunks, so their checksums may match no more; the chunks of both sides are written again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from paperreader.catalog.journal.format import (
    COMMIT_PREFIX,
    PAPERS_PER_CHUNK,
    VERSION,
    encode_chunk,
    encode_header,
    parse_line,
)
from paperreader.catalog.quarantine import copy_lines
from paperreader.catalog.write.writer import CATALOG_LOCK_NAME
from paperreader.errors import StorageError
from paperreader.storage import lock, os_error_message, write_atomic
from paperreader.sync_copies import split_merge_conflict

_LAST_MARKER = b">>>>>>> "
_END_BYTES = 64 * 1024


def ends_with_conflict(path: Path) -> bool:
    """Return whether one of the last lines of a file is a conflict marker. Cheap: what was appended is at the end."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _END_BYTES))
            return b"\n" + _LAST_MARKER in file.read()
    except OSError:
        return False  # missing, or reported where it is opened


def split_git_conflict(path: Path) -> Path | None:
    """Replace a catalog with conflict markers by its first side, and return the conflict copy with the other side.

    Returns None if there are no complete markers. Both are durable when this returns.

    Raises:
        StorageError: a file cannot be read or written; no paper is lost by that.
    """
    with lock(path.parent / CATALOG_LOCK_NAME):
        try:
            sides = split_merge_conflict(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
        if sides is None:
            return None
        lines = [_split(side) for side in sides]
        header = _common_header([own for own, _, _ in lines])
        if header is None:
            return None
        copy_lines(path.parent, (line for _, _, unreadable in lines for line in unreadable))
        ours, theirs = (_encode(header, good) for _, good, _ in lines)
        copy = path.with_name(f"{path.stem}.conflict-git-{dt.datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
        write_atomic(copy, theirs)
        write_atomic(path, ours)
        return copy


def _split(side: bytes) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Return the headers, the other readable lines except commit lines, and the unreadable lines of one side."""
    headers: list[bytes] = []
    good: list[bytes] = []
    unreadable: list[bytes] = []
    for raw in side.split(b"\n"):
        line = raw.removesuffix(b"\r")
        if not line or line.startswith(COMMIT_PREFIX):
            continue
        try:
            data = parse_line(line)
        except ValueError:
            unreadable.append(line)
        else:
            (headers if "paperreader" in data else good).append(line)
    return headers, good, unreadable


def _common_header(headers: list[list[bytes]]) -> bytes | None:
    """Return the header of the next generation after all of them, so that the sides have the same beginning."""
    parsed = [json.loads(line) for lines in headers for line in lines]
    known = [
        data
        for data in parsed
        if data["paperreader"] == VERSION
        and type(data.get("generation")) is int
        and type(data.get("library")) is str
    ]
    if not known or len(known) < len(parsed):
        return None
    return encode_header(known[0]["library"], max(data["generation"] for data in known) + 1)


def _encode(header: bytes, lines: list[bytes]) -> bytes:
    parts, offset, number = [header], len(header), 2
    for first in range(0, len(lines), PAPERS_PER_CHUNK):
        data, chunk = encode_chunk(lines[first : first + PAPERS_PER_CHUNK], offset, number)
        parts.append(data)
        offset, number = chunk.end, chunk.total_lines + 1
    return b"".join(parts)

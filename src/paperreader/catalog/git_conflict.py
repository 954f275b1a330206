"""Resolve the conflict markers that git leaves in `papers.jsonl` when both sides changed it.

Each side becomes a catalog of its own: the first replaces the file, the second becomes a conflict copy, which is merged
like any other. Git mixes chunks, so their checksums may match no more; the chunks of both sides are written again.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from paperreader.catalog.journal.format import (
    CATALOG_LOCK_NAME,
    COMMIT_PREFIX,
    VERSION,
    encode_chunks,
    encode_header,
    parse_line,
)
from paperreader.catalog.quarantine import copy_lines
from paperreader.errors import StorageError
from paperreader.json_codec import JsonObject
from paperreader.storage import lock, open_regular_file, os_error_message, write_atomic
from paperreader.sync_copies import split_merge_conflict


def split_git_conflict(path: Path) -> Path | None:
    """Replace a catalog with conflict markers by its first side, and return the conflict copy with the other side.

    Returns None if there are no complete markers. Both are durable when this returns.

    Raises:
        StorageError: a file cannot be read or written; no paper is lost by that.
    """
    with lock(path.parent / CATALOG_LOCK_NAME):
        try:
            with os.fdopen(open_regular_file(path), "rb") as file:
                sides = split_merge_conflict(file.read())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
        if sides is None:
            return None
        lines = [_split(side) for side in sides]
        header = _common_header([one for headers, _, _ in lines for one in headers])
        if header is None:
            return None
        copy_lines(path.parent, (line for _, _, unreadable in lines for line in unreadable))
        ours, theirs = (_encode(header, good) for _, good, _ in lines)
        copy = path.with_name(f"{path.stem}.conflict-git-{dt.datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
        write_atomic(copy, theirs)
        write_atomic(path, ours)
        return copy


def _split(side: bytes) -> tuple[list[JsonObject], list[bytes], list[bytes]]:
    """Return the headers, the other readable lines except commit lines, and the unreadable lines of one side."""
    headers: list[JsonObject] = []
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
            if "paperreader" in data:
                headers.append(data)
            else:
                good.append(line)
    return headers, good, unreadable


def _common_header(headers: list[JsonObject]) -> bytes | None:
    """Return the header of the next generation after all of them, so that the sides have the same beginning."""
    known = [
        data
        for data in headers
        if data["paperreader"] == VERSION
        and type(data.get("generation")) is int
        and type(data.get("library")) is str
    ]
    if not known or len(known) < len(headers):
        return None
    return encode_header(known[0]["library"], max(data["generation"] for data in known) + 1)


def _encode(header: bytes, lines: list[bytes]) -> bytes:
    return b"".join((header, *(data for data, _ in encode_chunks(lines, len(header)))))

"""The files to import: paths, folders and standard input. Files are opened only when they are read."""

from __future__ import annotations

import datetime
import io
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from paperreader.checked_values import local_time
from paperreader.import_formats import IMPORT_FORMATS
from paperreader.models import Problem
from paperreader.text.sanitize import single_line

STDIN = "-"
STDIN_NAME = "standard input"

MAX_STDIN_BYTES = 256 * 1024 * 1024
"""Bytes read from standard input, which is held in memory; for files the limits of their formats apply."""

STDIN_CHUNK_BYTES = 1024 * 1024
"""Bytes of standard input per read."""

_PACKED_EXTENSIONS = (".gz", ".xz", ".bz2", ".tgz", ".txz", ".tar", ".zip")

EXTENSIONS = frozenset(
    (*_PACKED_EXTENSIONS, *(extension for row in IMPORT_FORMATS for extension in row.extensions))
)
"""Files that are read in a folder or an archive. A file given by its path is read regardless of its extension."""


class UnreadableFile(Problem, frozen=True):
    """A path that could not be read at all, so that the command fails, even if it imported others."""


class Input(Struct, frozen=True):
    """One file to import, or bytes in memory."""

    name: str
    """For display: the path as it was given, or "standard input"."""
    data: bytes = b""
    modified: datetime.date | None = None
    """The day (local time) the file was saved; None for standard input."""
    path: Path | None = None
    """The file, if the content is not in `data`."""
    observed_at: str = ""
    """When a response was requested (ISO, UTC), if that is known: the age of its votes."""

    def open(self) -> BinaryIO:
        """Open the content at its beginning.

        Raises:
            OSError: the file cannot be opened.
        """
        return self.path.open("rb") if self.path else io.BytesIO(self.data)

    @property
    def short_name(self) -> str:
        """The name without its folders, which is stored with a paper as its source."""
        return self.path.name if self.path else self.name


def expand_paths(paths: Sequence[str]) -> Iterator[Input | Problem]:
    """Yield the files of `paths`, in their order. Folders are walked by name without hidden entries; `-` is standard
    input. What cannot be read is an `UnreadableFile`.
    """
    for given in paths:
        if given == STDIN:
            yield _standard_input()
            continue
        path = Path(given)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield UnreadableFile(single_line(given), None, f"cannot be read: {_reason(error)}")
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path)
        else:
            yield _file(path)


def _walk(folder: Path) -> Iterator[Input | Problem]:
    ignored: Counter[str] = Counter()
    problems: list[Problem] = []

    def refused(error: OSError) -> None:
        problems.append(
            UnreadableFile(single_line(str(error.filename)), None, f"cannot be read: {_reason(error)}")
        )

    met = False
    for where, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            extension = Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if extension in EXTENSIONS:
                met = True
                yield _file(Path(where, name))
            else:
                ignored[extension] += 1
    yield from problems
    if ignored:
        yield Problem(single_line(str(folder)), None, ignored_files_message(ignored))
    elif not met and not problems:
        yield Problem(single_line(str(folder)), None, "the folder contains no files")


def ignored_files_message(counts: Mapping[str, int]) -> str:
    """Return a message about the files that were not read, given their number by extension."""
    names = ", ".join(single_line(extension) for extension in sorted(counts))
    total = sum(counts.values())
    return f"ignored {total} file{'' if total == 1 else 's'} ending in {names}"


def _file(path: Path) -> Input | Problem:
    name = single_line(str(path))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return UnreadableFile(
                name, None, "is not a regular file; redirect it to standard input and import -"
            )
    except (OSError, ValueError) as error:
        return UnreadableFile(name, None, f"cannot be read: {_reason(error)}")
    modified = local_time(status.st_mtime)  # unknown if out of range
    return Input(name, modified=modified.date() if modified else None, path=path)


def _standard_input() -> Input | Problem:
    data = bytearray()
    try:
        # In chunks: one read of everything could not be interrupted by ctrl+c before its end.
        while piece := cast(io.BufferedReader, sys.stdin.buffer).read1(STDIN_CHUNK_BYTES):
            data += piece
            if len(data) > MAX_STDIN_BYTES:
                return UnreadableFile(
                    STDIN_NAME,
                    None,
                    f"is longer than {MAX_STDIN_BYTES >> 20} MB; save it to a file and import that",
                )
    except AttributeError:  # there is none
        return UnreadableFile(STDIN_NAME, None, "is closed; give a file, or redirect one to it")
    except (OSError, ValueError) as error:
        return UnreadableFile(STDIN_NAME, None, f"cannot be read: {_reason(error)}")
    return Input(STDIN_NAME, bytes(data))


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words.rstrip(".").lower()

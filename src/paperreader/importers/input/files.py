"""What is to be read: files, folders and standard input, opened only when their turn comes."""

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

from paperreader.models import Problem
from paperreader.text.sanitize import single_line

STDIN = "-"
STDIN_NAME = "standard input"

MAX_STDIN_BYTES = 256 * 1024 * 1024
"""Bytes taken from standard input, which is held in memory; files have limits of their own by format."""

STDIN_CHUNK_BYTES = 1024 * 1024
"""Bytes of standard input that are asked for at a time."""

EXTENSIONS = frozenset(
    (
        *("", ".txt", ".text", ".jsonl", ".ndjson", ".json", ".xml", ".atom", ".rss", ".html", ".htm"),
        *(".bib", ".ris", ".gz", ".xz", ".bz2", ".tgz", ".txz", ".tar", ".zip"),
    )
)
"""What is looked at in a folder or an archive; a file that is named is looked at whatever it is called."""


class UnreadableFile(Problem, frozen=True):
    """A path that could not be read at all: the command fails, whatever else it got done."""


class Input(Struct, frozen=True):
    """One file to read, or bytes that are at hand."""

    name: str
    """As it is shown to people: a path as it was given, or "standard input"."""
    data: bytes = b""
    modified: datetime.date | None = None
    """The day (local time) the file was saved; None for standard input."""
    path: Path | None = None
    """Where the content is, if not in `data`."""
    observed_at: str = ""
    """When an answer was asked for (ISO, UTC), if that is known: how old its votes are."""

    def open(self) -> BinaryIO:
        """The content from its beginning.

        Raises:
            OSError: the file cannot be opened.
        """
        return self.path.open("rb") if self.path else io.BytesIO(self.data)

    @property
    def short_name(self) -> str:
        """The name without its folders: what a paper remembers as its source."""
        return self.path.name if self.path else self.name


def expand_paths(paths: Sequence[str]) -> Iterator[Input | Problem]:
    """The files that `paths` stand for, in their order: folders are walked by name, hidden entries are passed over,
    `-` is standard input. What cannot be read comes as `Unreadable`.
    """
    for given in paths:
        if given == STDIN:
            yield _standard_input()
            continue
        path = Path(given)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield UnreadableFile(single_line(given), None, f"cannot be read: {_why(error)}")
            continue
        if stat.S_ISDIR(mode):
            yield from _walk(path)
        else:
            yield _file(path)


def _walk(folder: Path) -> Iterator[Input | Problem]:
    passed: Counter[str] = Counter()
    problems: list[Problem] = []

    def refused(error: OSError) -> None:
        problems.append(
            UnreadableFile(single_line(str(error.filename)), None, f"cannot be read: {_why(error)}")
        )

    met = False
    for where, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            ending = Path(name).suffix.lower()
            if name.startswith("."):
                continue
            if ending in EXTENSIONS:
                met = True
                yield _file(Path(where, name))
            else:
                passed[ending] += 1
    yield from problems
    if passed:
        yield Problem(single_line(str(folder)), None, ignored_files_message(passed))
    elif not met and not problems:
        yield Problem(single_line(str(folder)), None, "the folder holds no files")


def ignored_files_message(endings: Mapping[str, int]) -> str:
    """What to say of the files (their number by ending) that were not looked at."""
    kinds = ", ".join(single_line(ending) for ending in sorted(endings))
    number = sum(endings.values())
    return f"passed over {number} file{'' if number == 1 else 's'} ending in {kinds}"


def _file(path: Path) -> Input | Problem:
    name = single_line(str(path))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return UnreadableFile(
                name, None, "is not a regular file; redirect it to standard input and import -"
            )
        modified = datetime.date.fromtimestamp(status.st_mtime)
    except (OSError, ValueError, OverflowError) as error:
        return UnreadableFile(name, None, f"cannot be read: {_why(error)}")
    return Input(name, modified=modified, path=path)


def _standard_input() -> Input | Problem:
    data = bytearray()
    try:
        # By pieces: one read of everything would not be interrupted by ctrl+c before its end.
        while piece := cast(io.BufferedReader, sys.stdin.buffer).read1(STDIN_CHUNK_BYTES):
            data += piece
            if len(data) > MAX_STDIN_BYTES:
                return UnreadableFile(
                    STDIN_NAME,
                    None,
                    f"is longer than {MAX_STDIN_BYTES >> 20} MB; save it to a file and import that",
                )
    except (OSError, ValueError, AttributeError) as error:
        return UnreadableFile(STDIN_NAME, None, f"cannot be read: {_why(error)}")
    return Input(STDIN_NAME, bytes(data))


def _why(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words.rstrip(".").lower()

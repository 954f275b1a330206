"""Saved searches under a name: `subscriptions.toml` in the config folder, which people edit by hand as well.

    [[subscription]]
    name = "Video"
    query = "diffusion video has:code"

The file is read block by block, so that a mistake costs the block it stands in.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from paperreader import paths, storage
from paperreader.errors import NotFound, StorageError
from paperreader.models import Problem
from paperreader.text.clean import printable

FILE = "subscriptions.toml"

MAX_BYTES = 1_000_000
"""A file that is larger was not written by a person."""

LONGEST_NAME, LONGEST_QUERY = 60, 1000
"""Characters."""

TABLE = "subscription"
FIELDS = ("name", "query")
_HEADER = re.compile(rf"\s*\[\[\s*{TABLE}\s*\]\]\s*(?:#.*)?")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
Signature = tuple[int, int, int]
"""Inode, size and modification time (0 where there is no file): changed means read again."""


class Subscription(Struct, frozen=True):
    """A search that is kept."""

    name: str
    query: str

    @property
    def asked(self) -> str:
        """The query as it is searched: complete, where the last word of a search bar is still in the making."""
        return f"{self.query} "


class Subscriptions(Struct, frozen=True):
    """What the file says."""

    entries: tuple[Subscription, ...] = ()
    """In the order of the file; no two share a name, whatever the case of its letters."""
    problems: tuple[Problem, ...] = ()
    """What could not be used, with its line."""
    signature: Signature = (0, 0, 0)

    def find(self, name: str) -> Subscription | None:
        """The subscription of that name, whatever the case of its letters."""
        wanted = key_of(name)
        return next((entry for entry in self.entries if key_of(entry.name) == wanted), None)

    def named(self, names: Sequence[str]) -> tuple[Subscription, ...]:
        """The subscriptions of those names, in the order of the file; all of them where none is named.

        Raises:
            NotFound: there is none of one of the names.
        """
        wanted = {found.name for name in names for found in [self.find(name) or missing(name)]}
        return tuple(entry for entry in self.entries if not names or entry.name in wanted)


def file() -> Path:
    """Where the subscriptions are kept."""
    return paths.config_folder() / FILE


def signature() -> Signature:
    """What tells, at the cost of one look, whether the file is another than before."""
    try:
        status = file().stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def load() -> Subscriptions:
    """The subscriptions; none where there is no file. What is wrong in it is a problem, and the rest is used.

    Raises:
        StorageError: the file cannot be read at all.
    """
    seen = signature()
    entries: list[Subscription] = []
    problems: list[Problem] = []
    for found in parsed(text_of_file()):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(found)
    return Subscriptions(tuple(entries), tuple(problems), seen)


def key_of(name: str) -> str:
    """What two spellings of one name share."""
    return printable(name).casefold()


def missing(name: str) -> Subscription:
    """Say that there is no subscription of that name.

    Raises:
        NotFound: always.
    """
    raise NotFound(f"There is no subscription {printable(name)}; `paperreader subscriptions` lists them.")


# Reading


def text_of_file() -> str:
    """What the file holds; empty where there is none.

    Raises:
        StorageError: it cannot be read.
    """
    path = file()
    try:
        with os.fdopen(storage.open_regular(path), "rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {storage.reason(error)}.") from error
    if len(data) > MAX_BYTES:
        raise StorageError(f"{path} is larger than a list of subscriptions can be; move it away.")
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def parsed(text: str) -> Iterator[Subscription | Problem]:
    """What stands in `text`: subscriptions, and a problem for everything that is none."""
    lines = text.splitlines(keepends=True)
    blocks = blocks_of(lines)
    seen: set[str] = set()
    head = "".join(lines[: blocks[0][0]] if blocks else lines)
    yield from _strangers(head)
    for start, end in blocks:
        # A header alone is kept from the text before it, so the line of a mistake is that within the block.
        for found in _entry("".join(lines[start:end]), start + 1):
            if isinstance(found, Subscription):
                if key_of(found.name) in seen:
                    found = _problem(
                        start + 1, f"there is a subscription {found.name} above; give this one another name"
                    )
                else:
                    seen.add(key_of(found.name))
            yield found


def blocks_of(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The lines of each block, from its header on, as first and one after the last, counted from 0."""
    starts = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n"))]
    return list(itertools.pairwise([*starts, len(lines)]))


def _strangers(head: str) -> Iterator[Problem]:
    """What stands before the first block: comments alone are expected there."""
    data, problem = toml_of(head, 1)
    if problem is not None:
        yield problem
    for name in data:
        yield _problem(
            _line_of(name, head, 1), f"{printable(name)} means nothing here; a block begins with [[{TABLE}]]"
        )


def _entry(block: str, line: int) -> Iterator[Subscription | Problem]:
    data, problem = toml_of(block, line)
    if problem is not None:
        yield problem
        return
    (fields,) = data.pop(TABLE)
    for name in (*data, *(name for name in fields if name not in FIELDS)):
        yield _problem(
            _line_of(name, block, line), f"{printable(name)} means nothing here and is passed over"
        )
    for name in FIELDS:
        if not isinstance(fields.get(name), str):
            said = "is missing" if name not in fields else "is not text in quotation marks"
            yield _problem(_line_of(name, block, line), f"{name} {said}")
            return
    entry = Subscription(printable(fields["name"]), printable(fields["query"]))
    if objection := objection_to(entry):
        yield _problem(line, objection)
    else:
        yield entry


def toml_of(text: str, line: int) -> tuple[dict[str, Any], Problem | None]:
    """The text as TOML, or why it is none; its first line is line `line` of the file."""
    import tomllib  # 5 ms, and most people have no file

    try:
        return tomllib.loads(text), None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error)
        found = _PLACE.search(message)
        lines = text.rstrip("\n").count("\n") + 1
        within = int(found[1]) if found and found[1] else lines
        said = _PLACE.sub("", message) or "it is no TOML"
        return {}, _problem(line + min(within, lines) - 1, said[0].lower() + said[1:])


def _line_of(name: str, text: str, line: int) -> int:
    """Where a key stands in a text that begins at line `line`; that line where it is not found."""
    places = (number for number, each in enumerate(text.splitlines(), line) if name in each.partition("=")[0])
    return next(places, line)


def _problem(line: int, message: str) -> Problem:
    return Problem(str(file()), line, printable(message))


def objection_to(entry: Subscription) -> str:
    """Why a subscription will not do, in a sentence; empty where it will."""
    if not entry.name:
        return "A subscription needs a name."
    if not entry.query:
        return f"The subscription {entry.name} needs a query."
    if len(entry.name) > LONGEST_NAME:
        return f"The name {entry.name[:20]}… is longer than {LONGEST_NAME} characters; shorten it."
    if len(entry.query) > LONGEST_QUERY:
        return f"The query of {entry.name} is longer than {LONGEST_QUERY} characters; shorten it."
    return ""

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
from paperreader.text.clean import single_line

FILE_NAME = "subscriptions.toml"

MAX_FILE_BYTES = 1_000_000
"""A file that is larger was not written by a person."""

MAX_NAME_LENGTH, MAX_QUERY_LENGTH = 60, 1000
"""Characters."""

TABLE = "subscription"
FIELDS = ("name", "query")
_BLOCK_HEADER = re.compile(rf"\s*\[\[\s*{TABLE}\s*\]\]\s*(?:#.*)?")
_TOML_POSITION = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
FileSignature = tuple[int, int, int]
"""Inode, size and modification time (0 where there is no file): changed means read again."""


class Subscription(Struct, frozen=True):
    """A search that is kept."""

    name: str
    query: str

    @property
    def effective_query(self) -> str:
        """The query as it is searched: complete, where the last word of a search bar is still in the making."""
        return f"{self.query} "


class Subscriptions(Struct, frozen=True):
    """What the file says."""

    entries: tuple[Subscription, ...] = ()
    """In the order of the file; no two share a name, whatever the case of its letters."""
    problems: tuple[Problem, ...] = ()
    """What could not be used, with its line."""
    signature: FileSignature = (0, 0, 0)

    def find(self, name: str) -> Subscription | None:
        """The subscription of that name, whatever the case of its letters."""
        wanted = name_key(name)
        return next((entry for entry in self.entries if name_key(entry.name) == wanted), None)

    def select(self, names: Sequence[str]) -> tuple[Subscription, ...]:
        """The subscriptions of those names, in the order of the file; all of them where none is named.

        Raises:
            NotFound: there is none of one of the names.
        """
        wanted = {found.name for name in names for found in [self.find(name) or not_found_error(name)]}
        return tuple(entry for entry in self.entries if not names or entry.name in wanted)


def file_path() -> Path:
    """Where the subscriptions are kept."""
    return paths.config_folder() / FILE_NAME


def file_signature() -> FileSignature:
    """What tells, at the cost of one look, whether the file is another than before."""
    try:
        status = file_path().stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def load_subscriptions() -> Subscriptions:
    """The subscriptions; none where there is no file. What is wrong in it is a problem, and the rest is used.

    Raises:
        StorageError: the file cannot be read at all.
    """
    seen = file_signature()
    entries: list[Subscription] = []
    problems: list[Problem] = []
    for found in parse_file(read_file()):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(found)
    return Subscriptions(tuple(entries), tuple(problems), seen)


def name_key(name: str) -> str:
    """What two spellings of one name share."""
    return single_line(name).casefold()


def not_found_error(name: str) -> Subscription:
    """Say that there is no subscription of that name.

    Raises:
        NotFound: always.
    """
    raise NotFound(f"There is no subscription {single_line(name)}; `paperreader subscriptions` lists them.")


# Reading


def read_file() -> str:
    """What the file holds; empty where there is none.

    Raises:
        StorageError: it cannot be read.
    """
    path = file_path()
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {storage.os_error_message(error)}.") from error
    if len(data) > MAX_FILE_BYTES:
        raise StorageError(f"{path} is larger than a list of subscriptions can be; move it away.")
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def parse_file(text: str) -> Iterator[Subscription | Problem]:
    """What stands in `text`: subscriptions, and a problem for everything that is none."""
    lines = text.splitlines(keepends=True)
    blocks = split_blocks(lines)
    seen: set[str] = set()
    head = "".join(lines[: blocks[0][0]] if blocks else lines)
    yield from _check_preamble(head)
    for start, end in blocks:
        # A header alone is kept from the text before it, so the line of a mistake is that within the block.
        for found in _parse_block("".join(lines[start:end]), start + 1):
            if isinstance(found, Subscription):
                if name_key(found.name) in seen:
                    found = _problem(
                        start + 1, f"there is a subscription {found.name} above; give this one another name"
                    )
                else:
                    seen.add(name_key(found.name))
            yield found


def split_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The lines of each block, from its header on, as first and one after the last, counted from 0."""
    starts = [number for number, line in enumerate(lines) if _BLOCK_HEADER.fullmatch(line.rstrip("\n"))]
    return list(itertools.pairwise([*starts, len(lines)]))


def _check_preamble(head: str) -> Iterator[Problem]:
    """What stands before the first block: comments alone are expected there."""
    data, problem = parse_toml(head, 1)
    if problem is not None:
        yield problem
    for name in data:
        yield _problem(
            _key_line(name, head, 1),
            f"{single_line(name)} means nothing here; a block begins with [[{TABLE}]]",
        )


def _parse_block(block: str, line: int) -> Iterator[Subscription | Problem]:
    data, problem = parse_toml(block, line)
    if problem is not None:
        yield problem
        return
    (fields,) = data.pop(TABLE)
    for name in (*data, *(name for name in fields if name not in FIELDS)):
        yield _problem(
            _key_line(name, block, line), f"{single_line(name)} means nothing here and is passed over"
        )
    for name in FIELDS:
        if not isinstance(fields.get(name), str):
            said = "is missing" if name not in fields else "is not text in quotation marks"
            yield _problem(_key_line(name, block, line), f"{name} {said}")
            return
    entry = Subscription(single_line(fields["name"]), single_line(fields["query"]))
    if objection := validation_error(entry):
        yield _problem(line, objection)
    else:
        yield entry


def parse_toml(text: str, line: int) -> tuple[dict[str, Any], Problem | None]:
    """The text as TOML, or why it is none; its first line is line `line` of the file."""
    import tomllib  # 5 ms, and most people have no file

    try:
        return tomllib.loads(text), None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error)
        found = _TOML_POSITION.search(message)
        lines = text.rstrip("\n").count("\n") + 1
        within = int(found[1]) if found and found[1] else lines
        said = _TOML_POSITION.sub("", message) or "it is no TOML"
        return {}, _problem(line + min(within, lines) - 1, said[0].lower() + said[1:])


def _key_line(name: str, text: str, line: int) -> int:
    """Where a key stands in a text that begins at line `line`; that line where it is not found."""
    places = (number for number, each in enumerate(text.splitlines(), line) if name in each.partition("=")[0])
    return next(places, line)


def _problem(line: int, message: str) -> Problem:
    return Problem(str(file_path()), line, single_line(message))


def validation_error(entry: Subscription) -> str:
    """Why a subscription will not do, in a sentence; empty where it will."""
    if not entry.name:
        return "A subscription needs a name."
    if not entry.query:
        return f"The subscription {entry.name} needs a query."
    if len(entry.name) > MAX_NAME_LENGTH:
        return f"The name {entry.name[:20]}… is longer than {MAX_NAME_LENGTH} characters; shorten it."
    if len(entry.query) > MAX_QUERY_LENGTH:
        return f"The query of {entry.name} is longer than {MAX_QUERY_LENGTH} characters; shorten it."
    return ""

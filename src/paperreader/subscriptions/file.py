"""Reading `subscriptions.toml`.

    [[subscription]]
    name = "Video"
    query = "diffusion video has:code"

The file is parsed block by block, so that an error affects only its block.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from paperreader import paths, storage
from paperreader.errors import NotFound, StorageError
from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import Problem
from paperreader.text.sanitize import single_line

FILE_NAME = "subscriptions.toml"

MAX_FILE_BYTES = 1_000_000
"""A larger file was not written by a person."""

MAX_NAME_LENGTH, MAX_QUERY_LENGTH = 60, 1000
"""Characters."""

TABLE = "subscription"
FIELDS = ("name", "query")
_BLOCK_HEADER = lazy_pattern(rf"\s*\[\[\s*{TABLE}\s*\]\]\s*(?:#.*)?")
_TOML_POSITION = lazy_pattern(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
FileSignature = tuple[int, int, int]
"""Inode, size and modification time (0 if there is no file). If it changed, the file has to be read again."""


class Subscription(Struct, frozen=True):
    """A query with a name."""

    name: str
    query: str

    @property
    def effective_query(self) -> str:
        """The query to search for. The trailing space completes its last word, which would else match as a prefix."""
        return f"{self.query} "


class Subscriptions(Struct, frozen=True):
    """The content of the file."""

    entries: tuple[Subscription, ...] = ()
    """In the order of the file. No two names are equal, ignoring case."""
    problems: tuple[Problem, ...] = ()
    """Errors in the file, with their line."""
    signature: FileSignature = (0, 0, 0)

    def find(self, name: str) -> Subscription | None:
        """Return the subscription of that name, ignoring case."""
        wanted = name_key(name)
        return next((entry for entry in self.entries if name_key(entry.name) == wanted), None)

    def select(self, names: Sequence[str]) -> tuple[Subscription, ...]:
        """Return the subscriptions of those names, in the order of the file; all of them if there are no names.

        Raises:
            NotFound: there is no subscription of one of the names.
        """
        wanted: set[str] = set()
        for name in names:
            if (found := self.find(name)) is None:
                raise not_found_error(name)
            wanted.add(found.name)
        return tuple(entry for entry in self.entries if not names or entry.name in wanted)


def file_path() -> Path:
    """Return the path of the file."""
    return paths.config_folder() / FILE_NAME


def file_signature() -> FileSignature:
    """Return what shows, without reading the file, whether it changed."""
    try:
        status = file_path().stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def load_subscriptions() -> Subscriptions:
    """Read the subscriptions; none if there is no file. Errors become problems, and the rest is used.

    Raises:
        StorageError: the file cannot be read at all.
    """
    signature = file_signature()
    entries: list[Subscription] = []
    problems: list[Problem] = []
    for item in parse_file(read_file()):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            entries.append(item)
    return Subscriptions(tuple(entries), tuple(problems), signature)


def name_key(name: str) -> str:
    """Return the form of a name by which names are compared."""
    return single_line(name).casefold()


def not_found_error(name: str) -> NotFound:
    """Return the error for a name without a subscription."""
    return NotFound(
        f'There is no subscription "{single_line(name)}"; `paperreader subscriptions` lists them.'
    )


# Parsing


def read_file() -> str:
    """Return the text of the file; empty if there is none.

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
        raise StorageError(f"{path} is too large for a list of subscriptions; move it away.")
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def parse_file(text: str) -> Iterator[Subscription | Problem]:
    """Generate the subscriptions in `text`, and a problem for each error."""
    lines = text.splitlines(keepends=True)
    blocks = split_blocks(lines)
    seen: set[str] = set()
    yield from _check_preamble("".join(lines[: blocks[0][0]] if blocks else lines))
    for start, end in blocks:
        # Each block is parsed on its own, so the lines of errors are relative to it.
        for item in _parse_block("".join(lines[start:end]), start + 1):
            if isinstance(item, Subscription):
                if name_key(item.name) in seen:
                    item = _problem(
                        start + 1, f"there is a subscription {item.name} above; give this one another name"
                    )
                else:
                    seen.add(name_key(item.name))
            yield item


def split_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the line range of each block, beginning with its header: first line and end (exclusive), from 0."""
    starts = [number for number, line in enumerate(lines) if _BLOCK_HEADER.fullmatch(line.rstrip("\n"))]
    return list(itertools.pairwise([*starts, len(lines)]))


def _check_preamble(text: str) -> Iterator[Problem]:
    """Report everything before the first block that is not a comment."""
    data, problem = parse_toml(text, 1)
    if problem is not None:
        yield problem
    for name in data:
        yield _problem(
            _key_line(name, text, 1),
            f"{single_line(name)} is not allowed here; a block begins with [[{TABLE}]]",
        )


def _parse_block(block: str, line: int) -> Iterator[Subscription | Problem]:
    data, problem = parse_toml(block, line)
    if problem is not None:
        yield problem
        return
    (fields,) = data.pop(TABLE)
    for name in (*data, *(name for name in fields if name not in FIELDS)):
        yield _problem(_key_line(name, block, line), f"{single_line(name)} is unknown and is ignored")
    for name in FIELDS:
        if not isinstance(fields.get(name), str):
            error = "is missing" if name not in fields else "is not text in quotation marks"
            yield _problem(_key_line(name, block, line), f"{name} {error}")
            return
    entry = Subscription(single_line(fields["name"]), single_line(fields["query"]))
    if message := validation_error(entry):
        yield _problem(line, message)
    else:
        yield entry


def parse_toml(text: str, line: int) -> tuple[dict[str, Any], Problem | None]:
    """Parse TOML that begins at line `line` of the file; return its content, or a problem."""
    import tomllib  # takes 5 ms, and most users have no file

    try:
        return tomllib.loads(text), None
    except (ValueError, RecursionError) as error:  # also for an integer that is too long
        message = str(error)
        found = _TOML_POSITION.search(message)
        lines = text.rstrip("\n").count("\n") + 1
        relative = int(found[1]) if found and found[1] else lines
        message = _TOML_POSITION.sub("", message) or "it is not TOML"
        return {}, _problem(line + min(relative, lines) - 1, message[0].lower() + message[1:])


def _key_line(name: str, text: str, line: int) -> int:
    """Return the line of a key in a text that begins at line `line`; that line if it is not found."""
    matches = (
        number for number, each in enumerate(text.splitlines(), line) if name in each.partition("=")[0]
    )
    return next(matches, line)


def _problem(line: int, message: str) -> Problem:
    return Problem(str(file_path()), line, single_line(message))


def validation_error(entry: Subscription) -> str:
    """Return why a subscription is not valid, as a sentence; empty if it is."""
    if not entry.name:
        return "A subscription needs a name."
    if not entry.query:
        return f"The subscription {entry.name} needs a query."
    if len(entry.name) > MAX_NAME_LENGTH:
        return f"The name {entry.name[:20]}… is longer than {MAX_NAME_LENGTH} characters; shorten it."
    if len(entry.query) > MAX_QUERY_LENGTH:
        return f"The query of {entry.name} is longer than {MAX_QUERY_LENGTH} characters; shorten it."
    return ""

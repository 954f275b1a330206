"""Saved searches under a name: `subscriptions.toml` in the config folder, which people edit by hand as well.

    [[subscription]]
    name = "Video"
    query = "diffusion video has:code"

The file is read block by block, so that a mistake costs the block it stands in. Writing adds or takes out one block
and leaves every other line, comments among them, as it was.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperreader import paths, storage
from paperreader.errors import NotFound, StorageError, UsageError
from paperreader.models import Problem
from paperreader.text.clean import printable

FILE = "subscriptions.toml"

MAX_BYTES = 1_000_000
"""A file that is larger was not written by a person."""

LONGEST_NAME, LONGEST_QUERY = 60, 1000
"""Characters."""

TABLE = "subscription"
_FIELDS = ("name", "query")
_HEADER = re.compile(rf"\s*\[\[\s*{TABLE}\s*\]\]\s*(?:#.*)?")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
_HEAD = """\
# Saved searches, for the reader and the digest. Each has a name of its own and a query as in the search bar:
#
# [[subscription]]
# name = "Video"
# query = "diffusion video has:code"
"""

Signature = tuple[int, int, int]
"""Inode, size and modification time (0 where there is no file): changed means read again."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A search that is kept."""

    name: str
    query: str

    @property
    def asked(self) -> str:
        """The query as it is searched: complete, where the last word of a search bar is still in the making."""
        return f"{self.query} "


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What the file says."""

    entries: tuple[Subscription, ...] = ()
    """In the order of the file; no two share a name, whatever the case of its letters."""
    problems: tuple[Problem, ...] = ()
    """What could not be used, with its line."""
    signature: Signature = (0, 0, 0)

    def find(self, name: str) -> Subscription | None:
        """The subscription of that name, whatever the case of its letters."""
        wanted = _key(name)
        return next((entry for entry in self.entries if _key(entry.name) == wanted), None)

    def named(self, names: Sequence[str]) -> tuple[Subscription, ...]:
        """The subscriptions of those names, in the order of the file; all of them where none is named.

        Raises:
            NotFound: there is none of one of the names.
        """
        wanted = {found.name for name in names for found in [self.find(name) or _missing(name)]}
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
    for found in _parse(_read()):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            entries.append(found)
    return Subscriptions(tuple(entries), tuple(problems), seen)


def add(name: str, query: str) -> Subscription:
    """Keep a search under a name; it is on the disk when this returns.

    Raises:
        UsageError: the name or the query will not do, or the name is taken.
        StorageError: the file cannot be written, or is not in order.
    """
    entry = Subscription(printable(name), printable(query))
    if objection := _objection(entry):
        raise UsageError(objection)
    with _writing() as text:
        before = _in_order(text)
        if any(_key(each.name) == _key(entry.name) for each in before):
            raise UsageError(
                f"There is a subscription {entry.name} already; `unsubscribe` it or choose another name."
            )
        text = text or _HEAD
        _write(f"{text}{'' if text.endswith(chr(10)) else chr(10)}\n{_block(entry)}", (*before, entry))
    return entry


def remove(name: str) -> Subscription:
    """Take a subscription out; the file is on the disk without it when this returns.

    Raises:
        NotFound: there is none of that name.
        StorageError: the file cannot be written, or is not in order.
    """
    with _writing() as text:
        before = _in_order(text)
        entry = next((each for each in before if _key(each.name) == _key(name)), None) or _missing(name)
        lines = text.splitlines(keepends=True)
        start, end = next(
            (start, _last_line(lines, start, end))
            for start, end in _blocks(lines)
            if entry in _parse("".join(lines[start:end]))
        )
        rest = "".join([*lines[:start], *lines[end:]])
        _write(rest, tuple(each for each in before if each is not entry))
    return entry


def _key(name: str) -> str:
    return printable(name).casefold()


def _missing(name: str) -> Subscription:
    raise NotFound(f"There is no subscription {printable(name)}; `paperreader subscriptions` lists them.")


# Reading


def _read() -> str:
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


def _parse(text: str) -> Iterator[Subscription | Problem]:
    """What stands in `text`: subscriptions, and a problem for everything that is none."""
    lines = text.splitlines(keepends=True)
    blocks = _blocks(lines)
    seen: set[str] = set()
    head = "".join(lines[: blocks[0][0]] if blocks else lines)
    yield from _strangers(head)
    for start, end in blocks:
        # A header alone is kept from the text before it, so the line of a mistake is that within the block.
        for found in _entry("".join(lines[start:end]), start + 1):
            if isinstance(found, Subscription):
                if _key(found.name) in seen:
                    found = _problem(
                        start + 1, f"there is a subscription {found.name} above; give this one another name"
                    )
                else:
                    seen.add(_key(found.name))
            yield found


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The lines of each block, from its header on, as first and one after the last, counted from 0."""
    starts = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n"))]
    return list(itertools.pairwise([*starts, len(lines)]))


def _strangers(head: str) -> Iterator[Problem]:
    """What stands before the first block: comments alone are expected there."""
    data, problem = _toml(head, 1)
    if problem is not None:
        yield problem
    for name in data:
        yield _problem(
            _line_of(name, head, 1), f"{printable(name)} means nothing here; a block begins with [[{TABLE}]]"
        )


def _entry(block: str, line: int) -> Iterator[Subscription | Problem]:
    data, problem = _toml(block, line)
    if problem is not None:
        yield problem
        return
    (fields,) = data.pop(TABLE)
    for name in (*data, *(name for name in fields if name not in _FIELDS)):
        yield _problem(
            _line_of(name, block, line), f"{printable(name)} means nothing here and is passed over"
        )
    for name in _FIELDS:
        if not isinstance(fields.get(name), str):
            said = "is missing" if name not in fields else "is not text in quotation marks"
            yield _problem(_line_of(name, block, line), f"{name} {said}")
            return
    entry = Subscription(printable(fields["name"]), printable(fields["query"]))
    if objection := _objection(entry):
        yield _problem(line, objection)
    else:
        yield entry


def _toml(text: str, line: int) -> tuple[dict[str, Any], Problem | None]:
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


def _objection(entry: Subscription) -> str:
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


# Writing


@contextmanager
def _writing() -> Iterator[str]:
    """The text of the file, and the lock on it for the body."""
    storage.make_folder(paths.config_folder())
    with storage.lock(file().with_suffix(".lock")):
        yield _read()


def _in_order(text: str) -> tuple[Subscription, ...]:
    """The subscriptions of a file whose TOML is well-formed.

    Raises:
        StorageError: it is not, and a block added to it could be lost.
    """
    _, problem = _toml(text, 1)
    if problem is not None:
        raise StorageError(f"{problem}; mend that line first, nothing was changed.")
    return tuple(found for found in _parse(text) if isinstance(found, Subscription))


def _write(text: str, wanted: tuple[Subscription, ...]) -> None:
    if _in_order(text) != wanted:
        raise StorageError(f"{file()} is laid out in a way that only its author can change; edit it by hand.")
    storage.write_atomic(file(), text.encode())


def _block(entry: Subscription) -> str:
    import tomlkit  # 40 ms, and only those who write need it

    fields = "".join(f"{name} = {tomlkit.string(getattr(entry, name)).as_string()}\n" for name in _FIELDS)
    return f"[[{TABLE}]]\n{fields}"


def _last_line(lines: Sequence[str], start: int, end: int) -> int:
    """One after the last line of a block that says something: comments and blanks behind it belong to what follows."""
    telling = [
        number for number in range(start, end) if lines[number].strip() and lines[number].lstrip()[0] != "#"
    ]
    after = telling[-1] + 1
    return after + 1 if after < end and not lines[after].strip() else after

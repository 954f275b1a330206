"""Writing `subscriptions.toml`: one block is added or taken out, every other line stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from paperreader import paths, storage
from paperreader.errors import StorageError, UsageError
from paperreader.subscriptions.file import (
    FIELDS,
    TABLE,
    Subscription,
    file_path,
    name_key,
    not_found_error,
    parse_file,
    parse_toml,
    read_file,
    split_blocks,
    validation_error,
)
from paperreader.text.clean import single_line

_NEW_FILE_HEADER = """\
# Saved searches, for the reader and the digest. Each has a name of its own and a query as in the search bar:
#
# [[subscription]]
# name = "Video"
# query = "diffusion video has:code"
"""


def add_subscription(name: str, query: str) -> Subscription:
    """Keep a search under a name; it is on the disk when this returns.

    Raises:
        UsageError: the name or the query will not do, or the name is taken.
        StorageError: the file cannot be written, or is not in order.
    """
    entry = Subscription(single_line(name), single_line(query))
    if objection := validation_error(entry):
        raise UsageError(objection)
    with _locked_file() as text:
        before = _parse_valid(text)
        if any(name_key(each.name) == name_key(entry.name) for each in before):
            raise UsageError(
                f"There is a subscription {entry.name} already; `unsubscribe` it or choose another name."
            )
        text = text or _NEW_FILE_HEADER
        _write_checked(
            f"{text}{'' if text.endswith(chr(10)) else chr(10)}\n{_block(entry)}", (*before, entry)
        )
    return entry


def remove_subscription(name: str) -> Subscription:
    """Take a subscription out; the file is on the disk without it when this returns.

    Raises:
        NotFound: there is none of that name.
        StorageError: the file cannot be written, or is not in order.
    """
    with _locked_file() as text:
        before = _parse_valid(text)
        entry = next(
            (each for each in before if name_key(each.name) == name_key(name)), None
        ) or not_found_error(name)
        lines = text.splitlines(keepends=True)
        start, end = next(
            (start, _block_end(lines, start, end))
            for start, end in split_blocks(lines)
            if entry in parse_file("".join(lines[start:end]))
        )
        rest = "".join([*lines[:start], *lines[end:]])
        _write_checked(rest, tuple(each for each in before if each is not entry))
    return entry


@contextmanager
def _locked_file() -> Iterator[str]:
    """The text of the file, and the lock on it for the body."""
    storage.ensure_folder(paths.config_folder())
    with storage.lock(file_path().with_suffix(".lock")):
        yield read_file()


def _parse_valid(text: str) -> tuple[Subscription, ...]:
    """The subscriptions of a file whose TOML is well-formed.

    Raises:
        StorageError: it is not, and a block added to it could be lost.
    """
    _, problem = parse_toml(text, 1)
    if problem is not None:
        raise StorageError(f"{problem}; mend that line first, nothing was changed.")
    return tuple(found for found in parse_file(text) if isinstance(found, Subscription))


def _write_checked(text: str, wanted: tuple[Subscription, ...]) -> None:
    if _parse_valid(text) != wanted:
        raise StorageError(
            f"{file_path()} is laid out in a way that only its author can change; edit it by hand."
        )
    storage.write_atomic(file_path(), text.encode())


def _block(entry: Subscription) -> str:
    import tomlkit  # 40 ms, and only those who write need it

    fields = "".join(f"{name} = {tomlkit.string(getattr(entry, name)).as_string()}\n" for name in FIELDS)
    return f"[[{TABLE}]]\n{fields}"


def _block_end(lines: Sequence[str], start: int, end: int) -> int:
    """One after the last line of a block that says something: comments and blanks behind it belong to what follows."""
    telling = [
        number for number in range(start, end) if lines[number].strip() and lines[number].lstrip()[0] != "#"
    ]
    after = telling[-1] + 1
    return after + 1 if after < end and not lines[after].strip() else after

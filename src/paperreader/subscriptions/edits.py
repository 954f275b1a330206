"""Editing `subscriptions.toml`: a block is added or removed, all other lines are preserved."""

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
from paperreader.text.sanitize import single_line

_NEW_FILE_HEADER = """\
# Subscriptions (saved searches), for the reader and the digest. Each has a unique name, and a query as in the search
# bar:
#
# [[subscription]]
# name = "Video"
# query = "diffusion video has:code"
"""


def add_subscription(name: str, query: str) -> Subscription:
    """Add a subscription. It is durable when this returns.

    Raises:
        UsageError: the name or the query is not valid, or the name is taken.
        StorageError: the file cannot be written, or has errors.
    """
    entry = Subscription(single_line(name), single_line(query))
    if message := validation_error(entry):
        raise UsageError(message)
    with _locked_file() as text:
        before = _parse_valid(text)
        if any(name_key(each.name) == name_key(entry.name) for each in before):
            raise UsageError(
                f'A subscription "{entry.name}" already exists; `unsubscribe` it or choose another name.'
            )
        text = text or _NEW_FILE_HEADER
        separator = "" if text.endswith("\n") else "\n"
        _write_checked(f"{text}{separator}\n{_block(entry)}", (*before, entry))
    return entry


def remove_subscription(name: str) -> Subscription:
    """Remove a subscription. The change is durable when this returns.

    Raises:
        NotFound: there is no subscription of that name.
        StorageError: the file cannot be written, or has errors.
    """
    with _locked_file() as text:
        before = _parse_valid(text)
        entry = next((each for each in before if name_key(each.name) == name_key(name)), None)
        if entry is None:
            raise not_found_error(name)
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
    """Lock the file during the body, and provide its text."""
    storage.ensure_folder(paths.config_folder())
    with storage.lock(file_path().with_suffix(".lock")):
        yield read_file()


def _parse_valid(text: str) -> tuple[Subscription, ...]:
    """Return the subscriptions of a file that is valid TOML.

    Raises:
        StorageError: it is not, and a block added to it could be lost.
    """
    _, problem = parse_toml(text, 1)
    if problem is not None:
        raise StorageError(f"{problem}; correct that line first, nothing was changed.")
    return tuple(item for item in parse_file(text) if isinstance(item, Subscription))


def _write_checked(text: str, expected: tuple[Subscription, ...]) -> None:
    if _parse_valid(text) != expected:
        raise StorageError(f"The layout of {file_path()} cannot be changed automatically; edit it by hand.")
    storage.write_atomic(file_path(), text.encode())


def _block(entry: Subscription) -> str:
    import tomlkit  # takes 40 ms, and is needed for writing only

    fields = "".join(f"{name} = {tomlkit.string(getattr(entry, name)).as_string()}\n" for name in FIELDS)
    return f"[[{TABLE}]]\n{fields}"


def _block_end(lines: Sequence[str], start: int, end: int) -> int:
    """Return the end of a block (exclusive) without the comments after it, which belong to the next block."""
    content = [
        number for number in range(start, end) if lines[number].strip() and lines[number].lstrip()[0] != "#"
    ]
    after = content[-1] + 1
    return after + 1 if after < end and not lines[after].strip() else after

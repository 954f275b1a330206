"""Change a setting in `config.toml`: everything else stays as the user wrote it, with its comments."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paperreader import storage
from paperreader.config.loader import settings_file
from paperreader.errors import NotFound, SettingsError, UsageError
from paperreader.text.query.arxiv_subscription import parse_subscription
from paperreader.text.query.watched import WATCH_NAMES, WatchKind, parse_watched

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Array

_Setting = tuple[str, str]
"""Section and name."""

_ARXIV: _Setting = ("fetch", "arxiv")


def add_arxiv_subscription(text: str) -> str:
    """Subscribe to a category or a query of arXiv, and return it as it was stored. It is durable when this returns.

    Raises:
        UsageError: it is no category or query, or there is such a subscription.
        SettingsError: the file has errors, or cannot be changed.
        StorageError: it cannot be written.
    """
    try:
        name = parse_subscription(text)
    except ValueError as error:
        raise UsageError(f"{error}.") from error
    with _edited_list(_ARXIV) as names:
        if name in map(_parsed, names):
            raise UsageError(f"You are subscribed to {name} already.")
        names.append(name)
    return name


def remove_arxiv_subscription(name: str) -> None:
    """Remove a subscription to arXiv. The change is durable when this returns.

    Raises:
        NotFound: there is no such subscription.
        SettingsError: the file has errors, or cannot be changed.
        StorageError: it cannot be written.
    """
    with _edited_list(_ARXIV) as names:
        positions = [number for number, each in enumerate(names) if _parsed(each) == name]
        if not positions:
            raise NotFound(f"You are not subscribed to {name}.")
        for number in reversed(positions):
            del names[number]


def add_watched(kind: WatchKind, text: str) -> str:
    """Watch an author, words, a category or a repository, and return the entry as it was stored. It is durable.

    Raises:
        UsageError: it is none, or is watched already.
        SettingsError: the file has errors, or cannot be changed.
        StorageError: it cannot be written.
    """
    try:
        entry = parse_watched(kind, text)
    except ValueError as error:
        raise UsageError(f"{error}.") from error
    with _edited_list(("watch", kind)) as entries:
        if entry.casefold() in (str(each).casefold() for each in entries):
            raise UsageError(f"Watched already: {WATCH_NAMES[kind]} {entry}.")
        entries.append(entry)
    return entry


def remove_watched(kind: WatchKind, text: str) -> str:
    """Stop watching an entry, in any case of its letters, and return it. The change is durable when this returns.

    Raises:
        NotFound: it is not watched.
        SettingsError: the file has errors, or cannot be changed.
        StorageError: it cannot be written.
    """
    entry = " ".join(text.split())
    with _edited_list(("watch", kind)) as entries:
        positions = [
            number
            for number, each in enumerate(entries)
            if " ".join(str(each).split()).casefold() == entry.casefold()
        ]
        if not positions:
            raise NotFound(f"Not watched: {WATCH_NAMES[kind]} {entry}. `paperreader watch` lists what is.")
        for number in reversed(positions):
            del entries[number]
    return entry


@contextmanager
def _edited_list(setting: _Setting) -> Iterator[Array]:
    """Lock the file, provide the list of a setting, and write the file if the body changed it."""
    import tomlkit  # takes 40 ms, and is needed for writing only
    from tomlkit.exceptions import TOMLKitError

    path = settings_file()
    storage.ensure_folder(path.parent)
    with storage.lock(path.with_suffix(".lock")):
        before = _read_text()
        try:
            document = tomlkit.parse(before)
            names = _list_in(document, setting)
            yield names
            text, expected = tomlkit.dumps(document), list(map(str, names))
        except TOMLKitError as error:
            raise SettingsError(
                f"{path} is not valid TOML; correct it first (`paperreader config` lists errors)."
            ) from error
        section, name = setting
        if tomllib.loads(text)[section][name] != expected:
            raise SettingsError(f"The layout of {path} cannot be changed automatically; edit it by hand.")
        storage.write_atomic(path, text.encode())


def _list_in(document: TOMLDocument, setting: _Setting) -> Array:
    """Return the list of a setting in a document, to which an empty one is added if there is none.

    Raises:
        SettingsError: the setting is something else.
    """
    import tomlkit
    from tomlkit.items import Array

    section, name = setting
    if not isinstance(table := document.setdefault(section, tomlkit.table()), dict):
        raise SettingsError(f"{section} is a section: write [{section}] on a line of its own.")
    entries = table.setdefault(name, tomlkit.array())
    if not isinstance(entries, Array) or not all(isinstance(entry, str) for entry in entries):
        raise SettingsError(f"[{section}] {name} is not a list of texts; correct it first.")
    return entries


def _read_text() -> str:
    path = settings_file()
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            return file.read().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8; save it as UTF-8 first.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {storage.os_error_message(error)}.") from error


def _parsed(name: object) -> str:
    try:
        return parse_subscription(str(name))
    except ValueError:
        return ""

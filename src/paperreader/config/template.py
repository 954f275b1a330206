"""A settings file to begin with: every setting with what it does, commented out at its default."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paperreader import storage
from paperreader.config.settings import SECTIONS, every_setting
from paperreader.errors import SettingsError

_HEAD = (
    "Settings of paperreader. Every setting stands here with its default, commented out: take away the # to change it.",
    "`paperreader config` shows what is in force, and what is wrong in this file, with its line.",
)
_MAIL = "The digest by mail. The password is never kept here: say which program prints it, or which variable holds it."
_KEYS = (
    "The keys of the reader, by the id of what they do: a key, a list of keys, or [] for none.",
    'Written like "x", "X", "?", "ctrl+x", "f5", "pagedown", "space".',
)

_MEASURE = 100
"""Characters of a comment."""

Binding = tuple[str, list[str], str]
"""Id, keys and what they do."""


def write_fresh(path: Path, bindings: Iterable[Binding]) -> None:
    """Write a settings file with every setting in it, for this user alone to read.

    Raises:
        SettingsError: there is one already, or it cannot be written.
        StorageError: its folder cannot be made.
    """
    text = fresh(bindings)
    storage.make_folder(path.parent)
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, storage.PRIVATE_FILE), "wb"
        ) as file:
            file.write(text.encode("utf-8"))
    except FileExistsError:
        raise SettingsError(f"{path} is there already, and is left as it is; move it away first.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {storage.reason(error)}.") from error


def fresh(bindings: Iterable[Binding]) -> str:
    """The text of such a file."""
    import tomlkit

    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    settings = list(every_setting())
    for section in SECTIONS:
        table = tomlkit.table()
        if section == "mail":
            table.add(tomlkit.comment(_MAIL))
            table.add(tomlkit.nl())
        for setting in settings:
            if setting.section == section:
                about = f"{setting.does[0].upper()}{setting.does[1:]}. May be {setting.kind.allowed}."
                for line in (*textwrap.wrap(about, _MEASURE), _line(setting.name, setting.default)):
                    table.add(tomlkit.comment(line))
                table.add(tomlkit.nl())
        document.add(section, table)
    keys = tomlkit.table()
    for line in _KEYS:
        keys.add(tomlkit.comment(line))
    for id, pressed, does in bindings:
        keys.add(tomlkit.comment(f"{_line(id, pressed)}  # {does}"))
    document.add("keys", keys)
    return tomlkit.dumps(document)


def in_toml(value: Any) -> str:
    """A value as the file has it."""
    import tomlkit

    return str(tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string())


def _line(name: str, value: Any) -> str:
    return f"{name} = {in_toml(value)}"

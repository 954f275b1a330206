"""A new settings file: every setting with a description, commented out, at its default."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paperreader import storage
from paperreader.config.settings import SECTIONS, all_settings
from paperreader.errors import SettingsError

_HEADER_LINES = (
    "Settings of paperreader. Every setting is listed with its default, commented out: remove the # to change it.",
    "`paperreader config` shows the current values, and the errors in this file with their lines.",
)
_MAIL_COMMENT = (
    "The digest by mail. Never put the password here: name a program that prints it, or a variable with it."
)
_KEYS_COMMENT = (
    "The keys of the reader, by the id of the command: a key, a list of keys, or [] for none.",
    'Written like "x", "X", "?", "ctrl+x", "f5", "PgDn", "space".',
)

_COMMANDS_COMMENT = (
    "Commands of your own for the paper under the cursor or the selected ones, one section each, for example:",
    "  [commands.words]",
    '  run = ["wc", "-w"]',
    '  key = "W"',
)

_MAX_COMMENT_LENGTH = 100
"""Characters."""

KeyRow = tuple[str, list[str], str]
"""Id of a command, its keys, and what it does."""


def write_default_file(path: Path, bindings: Iterable[KeyRow]) -> None:
    """Write a settings file with every setting, readable for this user only.

    Raises:
        SettingsError: the file exists, or cannot be written.
        StorageError: its folder cannot be created.
    """
    text = default_file_text(bindings)
    storage.ensure_folder(path.parent)
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, storage.PRIVATE_FILE), "wb"
        ) as file:
            file.write(text.encode("utf-8"))
    except FileExistsError:
        raise SettingsError(f"{path} already exists and was not changed; move it away first.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {storage.os_error_message(error)}.") from error


def default_file_text(bindings: Iterable[KeyRow]) -> str:
    """Return the text of a settings file with every setting commented out."""
    import tomlkit

    document = tomlkit.document()
    for line in _HEADER_LINES:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    settings = list(all_settings())
    for section in SECTIONS:
        table = tomlkit.table()
        if section == "mail":
            table.add(tomlkit.comment(_MAIL_COMMENT))
            table.add(tomlkit.nl())
        for setting in settings:
            if setting.section == section:
                for line in (
                    *textwrap.wrap(setting.description, _MAX_COMMENT_LENGTH),
                    _assignment(setting.name, setting.default),
                ):
                    table.add(tomlkit.comment(line))
                table.add(tomlkit.nl())
        document.add(section, table)
    keys = tomlkit.table()
    for line in _KEYS_COMMENT:
        keys.add(tomlkit.comment(line))
    for id, pressed, title in bindings:
        keys.add(tomlkit.comment(f"{_assignment(id, pressed)}  # {title}"))
    document.add("keys", keys)
    document.add(tomlkit.nl())
    for line in _COMMANDS_COMMENT:
        document.add(tomlkit.comment(line))
    return tomlkit.dumps(document)


def to_toml(value: Any) -> str:
    """Return a value in TOML syntax."""
    import tomlkit

    return str(tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string())


def _assignment(name: str, value: Any) -> str:
    return f"{name} = {to_toml(value)}"

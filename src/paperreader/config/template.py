"""A settings file to begin with: every setting with what it does, commented out at its default."""

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
    "Settings of paperreader. Every setting stands here with its default, commented out: take away the # to change it.",
    "`paperreader config` shows what is in force, and what is wrong in this file, with its line.",
)
_MAIL_COMMENT = "The digest by mail. The password is never kept here: say which program prints it, or which variable holds it."  # noqa: E501
_KEYS_COMMENT = (
    "The keys of the reader, by the id of what they do: a key, a list of keys, or [] for none.",
    'Written like "x", "X", "?", "ctrl+x", "f5", "pagedown", "space".',
)

_MAX_COMMENT_LENGTH = 100
"""Characters of a comment."""

KeyRow = tuple[str, list[str], str]
"""Id, keys and what they do."""


def write_default_file(path: Path, bindings: Iterable[KeyRow]) -> None:
    """Write a settings file with every setting in it, for this user alone to read.

    Raises:
        SettingsError: there is one already, or it cannot be written.
        StorageError: its folder cannot be made.
    """
    text = default_file_text(bindings)
    storage.ensure_folder(path.parent)
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, storage.PRIVATE_FILE), "wb"
        ) as file:
            file.write(text.encode("utf-8"))
    except FileExistsError:
        raise SettingsError(f"{path} is there already, and is left as it is; move it away first.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {storage.os_error_message(error)}.") from error


def default_file_text(bindings: Iterable[KeyRow]) -> str:
    """The text of such a file."""
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
                about = (
                    f"{setting.help[0].upper()}{setting.help[1:]}. May be {setting.value_type.description}."
                )
                for line in (
                    *textwrap.wrap(about, _MAX_COMMENT_LENGTH),
                    _assignment(setting.name, setting.default),
                ):
                    table.add(tomlkit.comment(line))
                table.add(tomlkit.nl())
        document.add(section, table)
    keys = tomlkit.table()
    for line in _KEYS_COMMENT:
        keys.add(tomlkit.comment(line))
    for id, pressed, does in bindings:
        keys.add(tomlkit.comment(f"{_assignment(id, pressed)}  # {does}"))
    document.add("keys", keys)
    return tomlkit.dumps(document)


def to_toml(value: Any) -> str:
    """A value as the file has it."""
    import tomlkit

    return str(tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string())


def _assignment(name: str, value: Any) -> str:
    return f"{name} = {to_toml(value)}"

"""Reading `config.toml`: nothing of it is taken on trust, and nothing wrong in it goes unsaid."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import structs

from paperreader import paths, storage
from paperreader.config.settings import SECTIONS, Settings, every_setting
from paperreader.config.value_types import is_loopback
from paperreader.errors import SettingsError

MAX_BYTES = 256 * 1024
"""No settings file is that large."""

VARIABLE = "PAPERREADER_CONFIG"
"""The environment variable that names another file."""

ADDRESSES = {
    "fetch.huggingface_url": "PAPERREADER_HUGGINGFACE_URL",
    "fetch.arxiv_url": "PAPERREADER_ARXIV_URL",
}
"""Environment variables that name a mirror of a service for once; whoever asks it looks whether it is an address."""

_MAX_KEYS = 20
"""Keys of one binding."""


@dataclass(frozen=True)
class Loaded:
    """What is in force, where it comes from, and what is wrong with the file."""

    settings: Settings
    path: Path
    """The file, which need not be there."""
    problems: tuple[str, ...] = ()
    """One sentence each, with file and line. What they are about stands at its default."""
    text: str = ""
    """What the file holds."""
    given: frozenset[str] = frozenset()
    """Which settings (`appearance.theme`, `keys.down`) the file sets."""
    refused: frozenset[str] = frozenset()
    """Which settings the file has a value for that is not valid."""
    overridden: Mapping[str, str] = field(default_factory=dict)
    """Which settings the environment decides, with the name of the variable."""

    @cached_property
    def _lines(self) -> dict[str, int]:
        from paperreader.config.toml_lines import lines_of

        return lines_of(self.text)

    def place(self, key: str) -> str:
        """`FILE:LINE` of a setting that the file sets."""
        line = self._lines.get(key)
        return f"{self.path}:{line}" if line else str(self.path)

    def by_line(self, problems: Iterable[str]) -> tuple[str, ...]:
        """What is wrong in the order of the file, first what is about no line of it."""

        def line(problem: str) -> int:
            number = problem.removeprefix(f"{self.path}:").partition(":")[0]
            return int(number) if number.isascii() and number.isdecimal() else 0

        return tuple(sorted(problems, key=line))

    def origin(self, key: str) -> str:
        """Where the value of a setting comes from: the file with its line, the environment, or the default."""
        if key in self.overridden:
            return f"${self.overridden[key]}"
        return self.place(key) if key in self.given else "default"


def settings_file(path: Path | None = None) -> Path:
    """The file of the settings: `path`, else `PAPERREADER_CONFIG`, else `config.toml` in the platform's folder."""
    if path is not None:
        return path
    named = os.environ.get(VARIABLE)
    return paths.expanded(named).absolute() if named else paths.config_folder() / "config.toml"


def load(path: Path | None = None) -> Settings:
    """The settings in force, for a command.

    Raises:
        SettingsError: the file has mistakes; it tells all of them, a line each, with file and line.
    """
    loaded = read(path)
    if loaded.problems:
        raise SettingsError("\n".join(loaded.problems))
    return loaded.settings


def read(path: Path | None = None) -> Loaded:
    """The settings in force with the defaults in place of what is wrong, for the reader. Raises nothing."""
    file = settings_file(path)
    overridden = _from_environment()
    chosen = {key: value for key, (_, value) in overridden.items()}
    fallback = Loaded(_with(Settings(), chosen), file, overridden=_variables(overridden))
    try:
        with os.fdopen(storage.open_regular(file), "rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        text, document = _parsed(file, data)
    except FileNotFoundError:
        if path is not None or not os.environ.get(VARIABLE):
            return fallback
        problem = f"{VARIABLE} names {file}, which is not there; `paperreader config --init` writes it."
        return replace(fallback, problems=(problem,))
    except OSError as error:
        return replace(fallback, problems=(f"{file} cannot be read: {storage.reason(error)}.",))
    except SettingsError as error:
        return replace(fallback, problems=(str(error),))
    checker = _Checker(file, text)
    values, keys = checker.check(document)
    return replace(
        fallback,
        settings=_with(Settings(keys=MappingProxyType(keys)), {**values, **chosen}),
        problems=fallback.by_line(checker.problems),
        text=text,
        given=frozenset([*values, *(f"keys.{id}" for id in keys)]),
        refused=frozenset(checker.refused),
    )


def _parsed(file: Path, data: bytes) -> tuple[str, dict[str, Any]]:
    """The text of the file, and what stands in it.

    Raises:
        SettingsError: it is not TOML.
    """
    import tomllib  # 5 ms, and most people have no file

    if len(data) > MAX_BYTES:
        raise SettingsError(f"{file} is larger than {MAX_BYTES // 1024} KiB, so it is passed over.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file}:{line}: this is not UTF-8, so the whole file is passed over.") from error
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(_syntax(file, str(error), text)) from error


def _syntax(file: Path, message: str, text: str) -> str:
    found = re.search(r" \(at line (\d+), column \d+\)$", message)
    if found:
        message, line = message[: found.start()], int(found[1])
    else:  # at the end of the document
        message, line = message.partition(" (at ")[0], text.rstrip().count("\n") + 1
    return f"{file}:{line}: this is not TOML ({message[:200]}), so the whole file is passed over."


class _Checker:
    """Goes through a parsed file and notes what is wrong with it."""

    def __init__(self, file: Path, text: str) -> None:
        self.problems: list[str] = []
        self.refused: set[str] = set()
        """What the problems are about."""
        self._place = Loaded(Settings(), file, text=text).place

    def check(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        """The valid values by `section.name`, and the keys of `[keys]`."""
        known = {setting.key: setting for setting in every_setting()}
        values: dict[str, Any] = {}
        keys: dict[str, tuple[str, ...]] = {}
        for section, content in document.items():
            if section not in (*SECTIONS, "keys"):
                self._unknown(section, "there is no section or setting of this name", (*SECTIONS, "keys"))
            elif not isinstance(content, dict):
                self._note(section, f"{section} is a section: write [{section}] on a line of its own")
            elif section == "keys":
                keys = self._keys(content)
            else:
                for name, value in content.items():
                    key = f"{section}.{name}"
                    setting = known.get(key)
                    if setting is None:
                        names = [each.name for each in known.values() if each.section == section]
                        self._unknown(key, f"[{section}] has no setting of this name", names)
                        continue
                    try:
                        values[key] = setting.kind.take(value)
                    except ValueError:
                        self._note(key, f"{name} is {_shown(value)}, and may be {setting.kind.allowed}")
        self._check_together(values)
        return values, keys

    def _keys(self, content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        keys: dict[str, tuple[str, ...]] = {}
        for id, value in content.items():
            names = [value] if isinstance(value, str) else value
            if (
                not isinstance(names, list)
                or len(names) > _MAX_KEYS
                or not all(isinstance(name, str) and name.isprintable() and len(name) <= 30 for name in names)
            ):
                self._note(
                    f"keys.{id}",
                    f"{id} is {_shown(value)}, and may be a key, a list of keys, or [] for none",
                )
            else:
                keys[id] = tuple(name for name in names if name)
        return keys

    def _check_together(self, values: dict[str, Any]) -> None:
        """What is wrong only beside another setting."""
        host = values.get("mail.host", "")
        if values.get("mail.security") == "none" and host and not is_loopback(host):
            del values["mail.security"]
            self._note(
                "mail.security",
                f'security may be "none" only for a server on this machine, and not for {host}',
            )
        if values.get("mail.password_command") and values.get("mail.password_env"):
            del values["mail.password_env"]
            self._note(
                "mail.password_env", "the password comes from password_command already; keep one of them"
            )

    def _unknown(self, key: str, sentence: str, known: Any) -> None:
        from difflib import get_close_matches

        near = get_close_matches(key.rpartition(".")[2], list(known), n=1)
        meant = f'; did you mean "{near[0]}"' if near else f"; there are {', '.join(known)}"
        self._note(key, f"{_shown(key.rpartition('.')[2])}: {sentence}{meant}", end="?" if near else ".")

    def _note(self, key: str, sentence: str, *, end: str = ".") -> None:
        self.problems.append(f"{self._place(key)}: {sentence}{end}")
        self.refused.add(key)


def _from_environment() -> dict[str, tuple[str, Any]]:
    """Settings that the environment decides: variable and value by `section.name`."""
    told: dict[str, tuple[str, Any]] = {}
    if os.environ.get("PAPERREADER_ASCII", "0") not in ("", "0"):
        told["appearance.marks"] = ("PAPERREADER_ASCII", "ascii")
    for key, variable in ADDRESSES.items():
        if address := os.environ.get(variable, "").strip():
            told[key] = (variable, address.rstrip("/"))
    return told


def _variables(overridden: Mapping[str, tuple[str, Any]]) -> Mapping[str, str]:
    return MappingProxyType({key: variable for key, (variable, _) in overridden.items()})


def _with(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with these values by `section.name`."""
    chosen: dict[str, dict[str, Any]] = {}
    for each in every_setting():
        if each.key in values:
            chosen.setdefault(each.section, {})[each.attribute] = values[each.key]
    sections: dict[str, Any] = {
        section: structs.replace(getattr(settings, section), **attributes)
        for section, attributes in chosen.items()
    }
    return structs.replace(settings, **sections)


def _shown(value: Any) -> str:
    """A value for a sentence."""
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    text = "true" if value is True else "false" if value is False else text
    return text if len(text) <= 60 else f"{text[:59]}…"

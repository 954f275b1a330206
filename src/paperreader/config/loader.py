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
from paperreader.config.settings import SECTIONS, Settings, all_settings
from paperreader.config.value_types import is_loopback
from paperreader.errors import SettingsError

MAX_FILE_BYTES = 256 * 1024
"""No settings file is that large."""

CONFIG_VARIABLE = "PAPERREADER_CONFIG"
"""The environment variable that names another file."""

URL_VARIABLES = {
    "fetch.huggingface_url": "PAPERREADER_HUGGINGFACE_URL",
    "fetch.arxiv_url": "PAPERREADER_ARXIV_URL",
}
"""Environment variables that name a mirror of a service for once; whoever asks it looks whether it is an address."""

_MAX_KEYS_PER_BINDING = 20
"""Keys of one binding."""


@dataclass(frozen=True)
class LoadedSettings:
    """What is in force, where it comes from, and what is wrong with the file."""

    settings: Settings
    path: Path
    """The file, which need not be there."""
    problems: tuple[str, ...] = ()
    """One sentence each, with file and line. What they are about stands at its default."""
    text: str = ""
    """What the file holds."""
    set_in_file: frozenset[str] = frozenset()
    """Which settings (`appearance.theme`, `keys.down`) the file sets."""
    invalid: frozenset[str] = frozenset()
    """Which settings the file has a value for that is not valid."""
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    """Which settings the environment decides, with the name of the variable."""

    @cached_property
    def _lines(self) -> dict[str, int]:
        from paperreader.config.toml_lines import key_line_numbers

        return key_line_numbers(self.text)

    def location_of(self, key: str) -> str:
        """`FILE:LINE` of a setting that the file sets."""
        line = self._lines.get(key)
        return f"{self.path}:{line}" if line else str(self.path)

    def sorted_by_line(self, problems: Iterable[str]) -> tuple[str, ...]:
        """What is wrong in the order of the file, first what is about no line of it."""

        def line(problem: str) -> int:
            number = problem.removeprefix(f"{self.path}:").partition(":")[0]
            return int(number) if number.isascii() and number.isdecimal() else 0

        return tuple(sorted(problems, key=line))

    def source_of(self, key: str) -> str:
        """Where the value of a setting comes from: the file with its line, the environment, or the default."""
        if key in self.environment_variables:
            return f"${self.environment_variables[key]}"
        return self.location_of(key) if key in self.set_in_file else "default"


def settings_file(path: Path | None = None) -> Path:
    """The file of the settings: `path`, else `PAPERREADER_CONFIG`, else `config.toml` in the platform's folder."""
    if path is not None:
        return path
    named = os.environ.get(CONFIG_VARIABLE)
    return paths.expand_path(named).absolute() if named else paths.config_folder() / "config.toml"


def load_settings(path: Path | None = None) -> Settings:
    """The settings in force, for a command.

    Raises:
        SettingsError: the file has mistakes; it tells all of them, a line each, with file and line.
    """
    loaded = read_settings(path)
    if loaded.problems:
        raise SettingsError("\n".join(loaded.problems))
    return loaded.settings


def read_settings(path: Path | None = None) -> LoadedSettings:
    """The settings in force with the defaults in place of what is wrong, for the reader. Raises nothing."""
    file = settings_file(path)
    overridden = _from_environment()
    chosen = {key: value for key, (_, value) in overridden.items()}
    fallback = LoadedSettings(
        _with_values(Settings(), chosen), file, environment_variables=_variable_names(overridden)
    )
    try:
        with os.fdopen(storage.open_regular_file(file), "rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
        text, document = _parse_toml(file, data)
    except FileNotFoundError:
        if path is not None or not os.environ.get(CONFIG_VARIABLE):
            return fallback
        problem = (
            f"{CONFIG_VARIABLE} names {file}, which is not there; `paperreader config --init` writes it."
        )
        return replace(fallback, problems=(problem,))
    except OSError as error:
        return replace(fallback, problems=(f"{file} cannot be read: {storage.os_error_message(error)}.",))
    except SettingsError as error:
        return replace(fallback, problems=(str(error),))
    checker = _Checker(file, text)
    values, keys = checker.check(document)
    return replace(
        fallback,
        settings=_with_values(Settings(keys=MappingProxyType(keys)), {**values, **chosen}),
        problems=fallback.sorted_by_line(checker.problems),
        text=text,
        set_in_file=frozenset([*values, *(f"keys.{id}" for id in keys)]),
        invalid=frozenset(checker.invalid),
    )


def _parse_toml(file: Path, data: bytes) -> tuple[str, dict[str, Any]]:
    """The text of the file, and what stands in it.

    Raises:
        SettingsError: it is not TOML.
    """
    import tomllib  # 5 ms, and most people have no file

    if len(data) > MAX_FILE_BYTES:
        raise SettingsError(f"{file} is larger than {MAX_FILE_BYTES // 1024} KiB, so it is passed over.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file}:{line}: this is not UTF-8, so the whole file is passed over.") from error
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(_syntax_error_message(file, str(error), text)) from error


def _syntax_error_message(file: Path, message: str, text: str) -> str:
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
        self.invalid: set[str] = set()
        """What the problems are about."""
        self._location_of = LoadedSettings(Settings(), file, text=text).location_of

    def check(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        """The valid values by `section.name`, and the keys of `[keys]`."""
        known = {setting.key: setting for setting in all_settings()}
        values: dict[str, Any] = {}
        keys: dict[str, tuple[str, ...]] = {}
        for section, content in document.items():
            if section not in (*SECTIONS, "keys"):
                self._report_unknown(
                    section, "there is no section or setting of this name", (*SECTIONS, "keys")
                )
            elif not isinstance(content, dict):
                self._report(section, f"{section} is a section: write [{section}] on a line of its own")
            elif section == "keys":
                keys = self._check_keys(content)
            else:
                for name, value in content.items():
                    key = f"{section}.{name}"
                    setting = known.get(key)
                    if setting is None:
                        names = [each.name for each in known.values() if each.section == section]
                        self._report_unknown(key, f"[{section}] has no setting of this name", names)
                        continue
                    try:
                        values[key] = setting.value_type.parse(value)
                    except ValueError:
                        self._report(
                            key,
                            f"{name} is {_format_value(value)}, and may be {setting.value_type.description}",
                        )
        self._check_combinations(values)
        return values, keys

    def _check_keys(self, content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        keys: dict[str, tuple[str, ...]] = {}
        for id, value in content.items():
            names = [value] if isinstance(value, str) else value
            if (
                not isinstance(names, list)
                or len(names) > _MAX_KEYS_PER_BINDING
                or not all(isinstance(name, str) and name.isprintable() and len(name) <= 30 for name in names)
            ):
                self._report(
                    f"keys.{id}",
                    f"{id} is {_format_value(value)}, and may be a key, a list of keys, or [] for none",
                )
            else:
                keys[id] = tuple(name for name in names if name)
        return keys

    def _check_combinations(self, values: dict[str, Any]) -> None:
        """What is wrong only beside another setting."""
        host = values.get("mail.host", "")
        if values.get("mail.security") == "none" and host and not is_loopback(host):
            del values["mail.security"]
            self._report(
                "mail.security",
                f'security may be "none" only for a server on this machine, and not for {host}',
            )
        if values.get("mail.password_command") and values.get("mail.password_env"):
            del values["mail.password_env"]
            self._report(
                "mail.password_env", "the password comes from password_command already; keep one of them"
            )

    def _report_unknown(self, key: str, sentence: str, known: Any) -> None:
        from difflib import get_close_matches

        near = get_close_matches(key.rpartition(".")[2], list(known), n=1)
        meant = f'; did you mean "{near[0]}"' if near else f"; there are {', '.join(known)}"
        self._report(
            key, f"{_format_value(key.rpartition('.')[2])}: {sentence}{meant}", end="?" if near else "."
        )

    def _report(self, key: str, sentence: str, *, end: str = ".") -> None:
        self.problems.append(f"{self._location_of(key)}: {sentence}{end}")
        self.invalid.add(key)


def _from_environment() -> dict[str, tuple[str, Any]]:
    """Settings that the environment decides: variable and value by `section.name`."""
    told: dict[str, tuple[str, Any]] = {}
    if os.environ.get("PAPERREADER_ASCII", "0") not in ("", "0"):
        told["appearance.marks"] = ("PAPERREADER_ASCII", "ascii")
    for key, variable in URL_VARIABLES.items():
        if address := os.environ.get(variable, "").strip():
            told[key] = (variable, address.rstrip("/"))
    return told


def _variable_names(overridden: Mapping[str, tuple[str, Any]]) -> Mapping[str, str]:
    return MappingProxyType({key: variable for key, (variable, _) in overridden.items()})


def _with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with these values by `section.name`."""
    chosen: dict[str, dict[str, Any]] = {}
    for each in all_settings():
        if each.key in values:
            chosen.setdefault(each.section, {})[each.attribute] = values[each.key]
    sections: dict[str, Any] = {
        section: structs.replace(getattr(settings, section), **attributes)
        for section, attributes in chosen.items()
    }
    return structs.replace(settings, **sections)


def _format_value(value: Any) -> str:
    """A value for a sentence."""
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    text = "true" if value is True else "false" if value is False else text
    return text if len(text) <= 60 else f"{text[:59]}…"

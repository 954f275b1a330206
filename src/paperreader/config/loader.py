"""Loading `config.toml`: everything in it is validated, and every error is reported."""

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
    "fetch.arxiv_oai_url": "PAPERREADER_ARXIV_OAI_URL",
}
"""Environment variables that name a mirror of a service. `fetch.endpoints` validates the address."""

_MAX_KEYS_PER_BINDING = 20


@dataclass(frozen=True)
class LoadedSettings:
    """The settings, where each value comes from, and the errors of the file."""

    settings: Settings
    path: Path
    """The file, which may not exist."""
    problems: tuple[str, ...] = ()
    """One sentence each, with file and line. The settings that they concern have their default."""
    text: str = ""
    """The content of the file."""
    set_in_file: frozenset[str] = frozenset()
    """The settings (`appearance.theme`, `keys.down`) that the file sets."""
    invalid: frozenset[str] = frozenset()
    """The settings that have an invalid value in the file."""
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    """The settings that the environment overrides, with the name of the variable."""

    @cached_property
    def _lines(self) -> dict[str, int]:
        from paperreader.config.toml_lines import key_line_numbers

        return key_line_numbers(self.text)

    def location_of(self, key: str) -> str:
        """Return `FILE:LINE` of a setting in the file."""
        line = self._lines.get(key)
        return f"{self.path}:{line}" if line else str(self.path)

    def sorted_by_line(self, problems: Iterable[str]) -> tuple[str, ...]:
        """Return problems in the order of the file, those without a line first."""

        def line(problem: str) -> int:
            number = problem.removeprefix(f"{self.path}:").partition(":")[0]
            return int(number) if number.isascii() and number.isdecimal() else 0

        return tuple(sorted(problems, key=line))

    def source_of(self, key: str) -> str:
        """Return where a value comes from: `FILE:LINE`, the environment variable, or `default`."""
        if key in self.environment_variables:
            return f"${self.environment_variables[key]}"
        return self.location_of(key) if key in self.set_in_file else "default"


def settings_file(path: Path | None = None) -> Path:
    """Return the settings file: `path`, else `PAPERREADER_CONFIG`, else `config.toml` in the platform's folder."""
    if path is not None:
        return path
    named = os.environ.get(CONFIG_VARIABLE)
    return paths.expand_path(named).absolute() if named else paths.config_folder() / "config.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings, for a command.

    Raises:
        SettingsError: the file has errors. The message lists all of them, one per line, with file and line.
    """
    loaded = read_settings(path)
    if loaded.problems:
        raise SettingsError("\n".join(loaded.problems))
    return loaded.settings


def read_settings(path: Path | None = None) -> LoadedSettings:
    """Return the settings with defaults in place of invalid values, for the reader. Does not raise."""
    file = settings_file(path)
    environment = _from_environment()
    overrides = {key: value for key, (_, value) in environment.items()}
    fallback = LoadedSettings(
        _with_values(Settings(), overrides), file, environment_variables=_variable_names(environment)
    )
    try:
        with os.fdopen(storage.open_regular_file(file), "rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
        text, document = _parse_toml(file, data)
    except FileNotFoundError:
        if path is not None or not os.environ.get(CONFIG_VARIABLE):
            return fallback
        problem = (
            f"{CONFIG_VARIABLE} names {file}, which does not exist; `paperreader config --init` writes it."
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
        settings=_with_values(Settings(keys=MappingProxyType(keys)), {**values, **overrides}),
        problems=fallback.sorted_by_line(checker.problems),
        text=text,
        set_in_file=frozenset([*values, *(f"keys.{id}" for id in keys)]),
        invalid=frozenset(checker.invalid),
    )


def _parse_toml(file: Path, data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text of the file and its parsed content.

    Raises:
        SettingsError: it is not TOML.
    """
    import tomllib  # takes 5 ms, and most users have no file

    if len(data) > MAX_FILE_BYTES:
        raise SettingsError(f"{file} is larger than {MAX_FILE_BYTES // 1024} KiB, so it is ignored.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file}:{line}: this is not UTF-8, so the whole file is ignored.") from error
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also for an integer that is too long
        raise SettingsError(_syntax_error_message(file, str(error), text)) from error


def _syntax_error_message(file: Path, message: str, text: str) -> str:
    found = re.search(r" \(at line (\d+), column \d+\)$", message)
    if found:
        message, line = message[: found.start()], int(found[1])
    else:  # at the end of the document
        message, line = message.partition(" (at ")[0], text.rstrip().count("\n") + 1
    return f"{file}:{line}: this is not TOML ({message[:200]}), so the whole file is ignored."


class _Checker:
    """Validates a parsed file and collects its errors."""

    def __init__(self, file: Path, text: str) -> None:
        self.problems: list[str] = []
        self.invalid: set[str] = set()
        """The settings that the problems concern."""
        self._location_of = LoadedSettings(Settings(), file, text=text).location_of

    def check(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        """Return the valid values by `section.name`, and the keys of `[keys]`."""
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
                values.update(self._check_section(section, content))
        self._check_combinations(values)
        return values, keys

    def _check_section(self, section: str, content: Mapping[str, Any]) -> dict[str, Any]:
        known = {setting.name: setting for setting in all_settings() if setting.section == section}
        values: dict[str, Any] = {}
        for name, value in content.items():
            key = f"{section}.{name}"
            if (setting := known.get(name)) is None:
                self._report_unknown(key, f"[{section}] has no setting of this name", known)
                continue
            try:
                values[key] = setting.value_type.parse(value)
            except ValueError:
                self._report(
                    key, f"{name} is {_format_value(value)}; allowed: {setting.value_type.description}"
                )
        return values

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
                    f"{id} is {_format_value(value)}; allowed: a key, a list of keys, or [] for none",
                )
            else:
                keys[id] = tuple(name for name in names if name)
        return keys

    def _check_combinations(self, values: dict[str, Any]) -> None:
        """Check settings that are invalid only in combination with another."""
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
                "mail.password_env",
                "the password already comes from password_command; remove one of the two settings",
            )

    def _report_unknown(self, key: str, sentence: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches

        names = list(known)
        similar = get_close_matches(key.rpartition(".")[2], names, n=1)
        hint = f'; did you mean "{similar[0]}"' if similar else f"; there are {', '.join(names)}"
        name = _format_value(key.rpartition(".")[2])
        self._report(key, f"{name}: {sentence}{hint}", end="?" if similar else ".")

    def _report(self, key: str, sentence: str, *, end: str = ".") -> None:
        self.problems.append(f"{self._location_of(key)}: {sentence}{end}")
        self.invalid.add(key)


def _from_environment() -> dict[str, tuple[str, Any]]:
    """Return the settings that the environment overrides: variable and value by `section.name`."""
    values: dict[str, tuple[str, Any]] = {}
    if os.environ.get("PAPERREADER_ASCII", "0") not in ("", "0"):
        values["appearance.marks"] = ("PAPERREADER_ASCII", "ascii")
    for key, variable in URL_VARIABLES.items():
        if address := os.environ.get(variable, "").strip():
            values[key] = (variable, address.rstrip("/"))
    return values


def _variable_names(environment: Mapping[str, tuple[str, Any]]) -> Mapping[str, str]:
    return MappingProxyType({key: variable for key, (variable, _) in environment.items()})


def _with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return the settings with values given by `section.name`."""
    by_section: dict[str, dict[str, Any]] = {}
    for setting in all_settings():
        if setting.key in values:
            by_section.setdefault(setting.section, {})[setting.attribute] = values[setting.key]
    sections: dict[str, Any] = {
        section: structs.replace(getattr(settings, section), **attributes)
        for section, attributes in by_section.items()
    }
    return structs.replace(settings, **sections)


def _format_value(value: Any) -> str:
    """Return a value for use in a sentence."""
    try:
        text = f'"{value}"' if isinstance(value, str) else repr(value)
    except ValueError:  # Python does not write integers with thousands of digits
        return "a huge number"
    text = "true" if value is True else "false" if value is False else text
    return text if len(text) <= 60 else f"{text[:59]}…"

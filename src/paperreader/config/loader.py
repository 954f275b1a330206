"""Loading `config.toml`: everything in it is validated, and every error is reported."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Container, Iterable, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field, structs

from paperreader import paths, storage
from paperreader.config.checker import ALL_SECTIONS, SettingsChecker
from paperreader.config.settings import Settings, all_settings
from paperreader.errors import SettingsError

MAX_FILE_BYTES = 256 * 1024
"""No settings file is that large."""

CONFIG_VARIABLE = "PAPERREADER_CONFIG"
"""The environment variable that names another file."""

URL_VARIABLES = {
    "fetch.huggingface_url": "PAPERREADER_HUGGINGFACE_URL",
    "fetch.arxiv_url": "PAPERREADER_ARXIV_URL",
    "fetch.arxiv_oai_url": "PAPERREADER_ARXIV_OAI_URL",
    "fetch.arxiv_pages_url": "PAPERREADER_ARXIV_PAGES_URL",
    "fetch.zotero_url": "PAPERREADER_ZOTERO_URL",
    "citations.semanticscholar_url": "PAPERREADER_SEMANTICSCHOLAR_URL",
    "citations.openalex_url": "PAPERREADER_OPENALEX_URL",
}
"""Environment variables that name a mirror of a service. `fetch.endpoints` validates the address."""


class LoadedSettings(Struct, frozen=True, dict=True):
    """The settings, where each value comes from, and the errors of the file."""

    settings: Settings
    path: Path
    """The file, which may not exist."""
    problems: tuple[str, ...] = ()
    """One sentence each, with file and line. The settings that they concern have their default."""
    ignored_entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Those of the problems that concern single entries of lists, whose other entries are used, by setting."""
    mistakes: tuple[tuple[str, str], ...] = ()
    """The other problems, each after its setting, or after "" if it concerns the whole file."""
    text: str = ""
    """The content of the file."""
    set_in_file: frozenset[str] = frozenset()
    """The settings (`appearance.theme`, `keys.down`) that the file sets."""
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    """The settings that the environment overrides, with the name of the variable."""

    @property
    def invalid(self) -> frozenset[str]:
        """The settings that have an invalid value in the file."""
        return frozenset(key for key, _ in self.mistakes if key)

    def mistakes_in(self, sections: Container[str]) -> tuple[str, ...]:
        """Return the sentences about mistakes in sections.

        Unknown sections count, which may be misspelled ones of these, and so does what concerns the whole file.
        """
        names = ((key.partition(".")[0], problem) for key, problem in self.mistakes)
        found = (problem for name, problem in names if name in sections or name not in ALL_SECTIONS)
        return self.sorted_by_line(found)

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


def load_settings(path: Path | None = None, *, sections: Collection[str] = ALL_SECTIONS) -> Settings:
    """Return the settings, for a command. Only those of the sections may be used: others may be wrong.

    Raises:
        SettingsError: the sections have errors other than invalid entries of lists, which are left out. The message
            lists all of them, one per line, with file and line.
    """
    loaded = read_settings(path)
    if mistakes := loaded.mistakes_in(sections):
        raise SettingsError("\n".join(mistakes))
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
        return _unusable(fallback, problem)
    except OSError as error:
        return _unusable(fallback, f"{file} cannot be read: {storage.os_error_message(error)}.")
    except SettingsError as error:
        return _unusable(fallback, str(error))
    checker = SettingsChecker(LoadedSettings(Settings(), file, text=text).location_of)
    values = checker.check(document)
    return structs.replace(
        fallback,
        settings=_with_values(
            Settings(keys=MappingProxyType(checker.keys), commands=MappingProxyType(checker.commands)),
            {**values, **overrides},
        ),
        problems=fallback.sorted_by_line(
            chain((problem for _, problem in checker.problems), *checker.ignored_entries.values())
        ),
        mistakes=tuple(checker.problems),
        ignored_entries=checker.ignored_entries,
        text=text,
        set_in_file=frozenset([*values, *(f"keys.{id}" for id in checker.keys), *checker.command_settings]),
    )


def _unusable(settings: LoadedSettings, problem: str) -> LoadedSettings:
    """Return settings with a problem that concerns the whole file."""
    return structs.replace(settings, problems=(problem,), mistakes=(("", problem),))


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
    if not values:
        return settings
    by_section: dict[str, dict[str, Any]] = {}
    for setting in all_settings():
        if setting.key in values:
            by_section.setdefault(setting.section, {})[setting.attribute] = values[setting.key]
    sections: dict[str, Any] = {
        section: structs.replace(getattr(settings, section), **attributes)
        for section, attributes in by_section.items()
    }
    return structs.replace(settings, **sections)

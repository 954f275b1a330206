"""Validation of a parsed `config.toml`: every error is collected with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from paperreader.config.list_types import InvalidEntries
from paperreader.config.settings import SECTIONS, UserCommand, settings_of
from paperreader.config.value_types import is_loopback
from paperreader.lazy_pattern import lazy_pattern

COMMAND_NAME = lazy_pattern(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)

ALL_SECTIONS = (*SECTIONS, "keys", "commands")
_MAX_KEYS_PER_BINDING = 20


class SettingsChecker:
    """Validates a parsed file and collects its errors."""

    def __init__(self, location_of: Callable[[str], str]) -> None:
        """`location_of` returns `FILE:LINE` of a setting."""
        self.problems: list[tuple[str, str]] = []
        """Settings, with a sentence about each."""
        self.ignored_entries: dict[str, tuple[str, ...]] = {}
        """Sentences about entries of lists whose other entries are used, by setting."""
        self.keys: dict[str, tuple[str, ...]] = {}
        """The keys of `[keys]`."""
        self.commands: dict[str, UserCommand] = {}
        """The commands of `[commands]`."""
        self.command_settings: set[str] = set()
        """The settings of these commands that the file sets."""
        self._location_of = location_of

    def check(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the valid values by `section.name`, and store `keys` and `commands`."""
        values: dict[str, Any] = {}
        for section, content in document.items():
            if section not in ALL_SECTIONS:
                self._report_unknown(section, "there is no section or setting of this name", ALL_SECTIONS)
            elif not isinstance(content, dict):
                self._report(section, f"{section} is a section: write [{section}] on a line of its own")
            elif section == "keys":
                self.keys = self._check_keys(content)
            elif section == "commands":
                self._check_commands(content)
            else:
                values.update(self._check_section(section, content))
        self._check_combinations(values)
        return values

    def _check_section(
        self, section: str, content: Mapping[str, Any], owner: type | None = None
    ) -> dict[str, Any]:
        known = {setting.name: setting for setting in settings_of(section, owner or SECTIONS[section])}
        values: dict[str, Any] = {}
        for name, value in content.items():
            key = f"{section}.{name}"
            if (setting := known.get(name)) is None:
                self._report_unknown(key, f"[{section}] has no setting of this name", known)
                continue
            try:
                values[key] = setting.value_type.parse(value)
            except InvalidEntries as error:
                values[key] = error.valid
                place = f"{self._location_of(key)}: {name}"
                self.ignored_entries[key] = tuple(f"{place}: {reason}." for reason in error.reasons)
            except ValueError:
                self._report(
                    key, f"{name} is {_format_value(value)}; allowed: {setting.value_type.description}"
                )
        return values

    def _check_commands(self, content: Mapping[str, Any]) -> None:
        for name, fields in content.items():
            key = f"commands.{name}"
            if not COMMAND_NAME.fullmatch(name):
                self._report(key, f"{_format_value(name)} is not a name of a command; use a-z, 0-9 and -")
            elif not isinstance(fields, dict):
                self._report(key, f"a command is a section: write [commands.{name}] on a line of its own")
            else:
                values = self._check_section(key, fields, UserCommand)
                if values.get(f"{key}.run"):
                    self.commands[name] = UserCommand(
                        **{field.removeprefix(f"{key}."): value for field, value in values.items()}
                    )
                    self.command_settings.update(values)
                elif all(setting != f"{key}.run" for setting, _ in self.problems):
                    self._report(key, f'{name} has no program; add run = ["wc", "-w"], for example')

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
        self.problems.append((key, f"{self._location_of(key)}: {sentence}{end}"))


def _format_value(value: Any) -> str:
    """Return a value for use in a sentence."""
    try:
        text = f'"{value}"' if isinstance(value, str) else repr(value)
    except ValueError:  # Python does not write integers with thousands of digits
        return "a huge number"
    text = "true" if value is True else "false" if value is False else text
    return text if len(text) <= 60 else f"{text[:59]}…"

"""`config`: effective settings with their sources, and a default settings file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.config import LoadedSettings

MAX_VALUE_CELLS = 28
"""Width of the column of values. Longer values are not cut, but shift the rest of their line."""


class SettingRow(NamedTuple):
    """A setting and its effective value."""

    key: str
    value: Any
    source: str
    """`file:line`, the name of an environment variable, `default`, or why there is no such setting."""
    rejected_at: str = ""
    """`file:line` of an invalid value, which is ignored; else empty."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "config",
        "show the effective settings and where each is set",
        examples=[
            "paperreader config",
            'paperreader config --init && $EDITOR "$(paperreader config --path)"',
        ],
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--init", action="store_true", help="write a settings file that explains every setting"
    )
    action.add_argument("--path", action="store_true", help="print the path of the settings file")
    action.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings, then the errors in the file, which make the command fail. Or write a default file.

    Raises:
        SettingsError: a file is to be written but exists.
    """
    from paperreader import config  # 8 ms for its dataclasses, which `--help` does not need

    if arguments.path:
        output.print_line(str(config.settings_file()))
        return exit_codes.SUCCESS
    if arguments.init:
        return _write_default_file()
    from paperreader.tui.runtime.settings_check import setting_errors, taken_keys  # loads Textual

    loaded = config.read_settings()
    rows = list(_effective_settings(loaded, arguments))
    errors = setting_errors(loaded)
    if arguments.json:
        for row in rows:
            output.print_json(
                {"key": row.key, "value": row.value, "from": row.source, "refused": row.rejected_at or None}
            )
    else:
        _print(loaded, rows)
    for message in (*errors, *taken_keys(loaded)):
        output.print_error(message)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


def _write_default_file() -> int:
    from paperreader import config
    from paperreader.config.template import write_default_file
    from paperreader.tui.runtime.settings_check import default_bindings

    path = config.settings_file()
    write_default_file(path, default_bindings())
    output.print_line(f"Written: {path}")
    return exit_codes.SUCCESS


def _effective_settings(loaded: LoadedSettings, arguments: argparse.Namespace) -> Iterator[SettingRow]:
    from paperreader.config.settings import UserCommand, all_settings, settings_of
    from paperreader.tui.runtime.settings_check import effective_keys, ignored_key_ids, ignored_settings

    ignored = ignored_settings(loaded)
    for setting in all_settings():
        value = getattr(getattr(loaded.settings, setting.section), setting.attribute)
        source = loaded.source_of(setting.key)
        if setting.key in ignored and setting.key not in loaded.environment_variables:
            value, source = setting.default, "default"
        if setting.key == "appearance.theme" and value == "auto" and (theme := _theme_from_state(arguments)):
            value, source = theme, "chosen in the reader"
        rejected_at = loaded.location_of(setting.key) if setting.key in ignored else ""
        yield SettingRow(setting.key, list(value) if isinstance(value, tuple) else value, source, rejected_at)
    for name, command in loaded.settings.commands.items():
        for setting in settings_of(f"commands.{name}", UserCommand):
            if setting.key in loaded.set_in_file:
                value = getattr(command, setting.attribute)
                rejected_at = loaded.location_of(setting.key) if setting.key in ignored else ""
                value = setting.default if rejected_at else value
                source = "default" if rejected_at else loaded.source_of(setting.key)
                shown = list(value) if isinstance(value, tuple) else value
                yield SettingRow(setting.key, shown, source, rejected_at)
    for id, keys in effective_keys(loaded).items():
        key = f"keys.{id}"
        if key in ignored:
            yield SettingRow(key, keys, "default", loaded.location_of(key))
        else:
            is_taken = key not in loaded.set_in_file
            yield SettingRow(key, keys, "another command has its key" if is_taken else loaded.source_of(key))
    for id, reason in ignored_key_ids(loaded).items():
        key = f"keys.{id}"
        yield SettingRow(key, [], reason, loaded.location_of(key))


def _theme_from_state(arguments: argparse.Namespace) -> str:
    with opened_library(arguments, must_exist=False) as library:
        theme = library.state.get("theme")
    return theme if isinstance(theme, str) else ""


def _print(loaded: LoadedSettings, rows: Sequence[SettingRow]) -> None:
    from paperreader.config.template import to_toml

    missing = "" if loaded.path.exists() else "  does not exist; `paperreader config --init` writes it"
    output.print_line(str(loaded.path), missing)
    values = {row.key: to_toml(row.value) for row in rows}
    name_width, value_width = max(len(row.key.partition(".")[2]) for row in rows), _column_width(values)
    folder = f"{loaded.path.parent}/"
    section = ""
    for row in rows:
        row_section, _, name = row.key.partition(".")
        if row_section != section:
            section = row_section
            _print_section(section)
        style = "muted" if row.source == "default" else "user"
        ignored = f"  {row.rejected_at.removeprefix(folder)} is ignored" if row.rejected_at else ""
        output.print_line(
            f"{name:{name_width}}  {values[row.key]:{value_width}}  ",
            (row.source.removeprefix(folder), style),
            (ignored, "user"),
        )
    if section != "keys":
        _print_section("keys")
        output.print_line("all keys  ", ("default", "muted"))


def _print_section(name: str) -> None:
    output.print_line()
    output.print_line((f"[{name}]", "bold"))


def _column_width(values: Mapping[str, str]) -> int:
    return max(min(len(value), MAX_VALUE_CELLS) for value in values.values())

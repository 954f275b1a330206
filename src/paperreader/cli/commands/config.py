"""`config`: the settings in force and where each comes from; a file to begin with."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.config import LoadedSettings


class SettingRow(NamedTuple):
    """One line of what is in force."""

    key: str
    value: Any
    source: str
    rejected_at: str = ""
    """The line of the file that sets it and does not count, as it is not valid."""


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "config",
        "show the settings in force and where each comes from",
        examples=[
            "paperreader config",
            'paperreader config --init && $EDITOR "$(paperreader config --path)"',
        ],
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--init", action="store_true", help="write a settings file with every setting explained"
    )
    what.add_argument("--path", action="store_true", help="print where the settings file is")
    what.add_argument("--json", action="store_true", help="print one object a setting")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; mistakes in the file are told after what is in force, one a line, and are a failure.

    Raises:
        SettingsError: a file is to be written, and there is one already.
    """
    from paperreader import config  # its dataclasses: 8 ms, which the help does not need

    if arguments.path:
        output.print_line(str(config.settings_file()))
        return exit_codes.SUCCESS
    if arguments.init:
        return _write_default_file()
    from paperreader.tui.runtime.settings_check import (
        setting_errors,  # Textual, for the names of keys and themes
    )

    loaded = config.read_settings()
    shown = list(_effective_settings(loaded, arguments))
    wrong = setting_errors(loaded)
    if arguments.json:
        for each in shown:
            told = {"key": each.key, "value": each.value, "from": each.source}
            output.print_json({**told, "refused": each.rejected_at or None})
    else:
        _print(loaded, shown)
    for mistake in wrong:
        output.print_error(mistake)
    return exit_codes.FAILURE if wrong else exit_codes.SUCCESS


def _write_default_file() -> int:
    from paperreader import config
    from paperreader.config.template import write_default_file
    from paperreader.tui.runtime.settings_check import default_bindings

    path = config.settings_file()
    write_default_file(path, default_bindings())
    output.print_line(f"Written: {path}")
    return exit_codes.SUCCESS


def _effective_settings(loaded: LoadedSettings, arguments: argparse.Namespace) -> Iterator[SettingRow]:
    from paperreader.config.settings import all_settings
    from paperreader.tui.runtime.settings_check import effective_keys, ignored_settings

    settings, wrong = loaded.settings, ignored_settings(loaded)
    for each in all_settings():
        value = getattr(getattr(settings, each.section), each.attribute)
        origin = loaded.source_of(each.key)
        if each.key in wrong and each.key not in loaded.environment_variables:
            value, origin = each.default, "default"
        if each.key == "appearance.theme" and value == "auto":
            chosen = _theme_from_state(arguments)
            value, origin = (chosen, "chosen in the reader") if chosen else (value, origin)
        line = loaded.location_of(each.key) if each.key in wrong else ""
        yield SettingRow(each.key, list(value) if isinstance(value, tuple) else value, origin, line)
    for id, pressed in effective_keys(loaded).items():
        key = f"keys.{id}"
        if key in wrong:
            yield SettingRow(key, pressed, "default", loaded.location_of(key))
        else:
            yield SettingRow(key, pressed, loaded.source_of(key))


def _theme_from_state(arguments: argparse.Namespace) -> str:
    with opened_library(arguments) as library:
        theme = library.state.get("theme")
    return theme if isinstance(theme, str) else ""


def _print(loaded: LoadedSettings, rows: list[SettingRow]) -> None:
    from paperreader.config.template import to_toml

    there = loaded.path.exists()
    output.print_line(
        str(loaded.path), "" if there else "  is not there; `paperreader config --init` writes it"
    )
    values = {each.key: to_toml(each.value) for each in rows}
    widths = (max(len(each.key.partition(".")[2]) for each in rows), _width(values))
    section = ""
    for each in rows:
        of, _, name = each.key.partition(".")
        if of != section:
            section = of
            output.print_line()
            output.print_line((f"[{section}]", "strong"))
        value = values[each.key]
        folder = f"{loaded.path.parent}/"
        origin = each.source.removeprefix(folder)
        style = "faint" if each.source == "default" else "mine"
        refused = f"  {each.rejected_at.removeprefix(folder)} does not count" if each.rejected_at else ""
        output.print_line(f"{name:{widths[0]}}  {value:{widths[1]}}  ", (origin, style), (refused, "mine"))
    if section != "keys":
        output.print_line()
        output.print_line(("[keys]", "strong"))
        output.print_line("every key  ", ("default", "faint"))


def _width(values: Mapping[str, str]) -> int:
    """Cells for the column of values; a long one pushes what stands behind it aside."""
    return max(min(len(value), 28) for value in values.values())

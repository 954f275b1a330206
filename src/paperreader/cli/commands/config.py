"""`config`: the settings in force and where each comes from; a file to begin with."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import library_of

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands
    from paperreader.config import Loaded


class Shown(NamedTuple):
    """One line of what is in force."""

    key: str
    value: Any
    origin: str
    refused: str = ""
    """The line of the file that sets it and does not count, as it is not valid."""


def add(commands: Commands) -> None:
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
        output.line(str(config.settings_file()))
        return exit_codes.DONE
    if arguments.init:
        return _init()
    from paperreader.tui.runtime.settings_check import mistakes  # Textual, for the names of keys and themes

    loaded = config.read()
    shown = list(_in_force(loaded, arguments))
    wrong = mistakes(loaded)
    if arguments.json:
        for each in shown:
            told = {"key": each.key, "value": each.value, "from": each.origin}
            output.json_line({**told, "refused": each.refused or None})
    else:
        _print(loaded, shown)
    for mistake in wrong:
        output.complain(mistake)
    return exit_codes.FAILED if wrong else exit_codes.DONE


def _init() -> int:
    from paperreader import config
    from paperreader.config.template import write_fresh
    from paperreader.tui.runtime.settings_check import bindings

    path = config.settings_file()
    write_fresh(path, bindings())
    output.line(f"Written: {path}")
    return exit_codes.DONE


def _in_force(loaded: Loaded, arguments: argparse.Namespace) -> Iterator[Shown]:
    from paperreader.config.settings import every_setting
    from paperreader.tui.runtime.settings_check import keys_in_force, refused

    settings, wrong = loaded.settings, refused(loaded)
    for each in every_setting():
        value = getattr(getattr(settings, each.section), each.attribute)
        origin = loaded.origin(each.key)
        if each.key in wrong and each.key not in loaded.overridden:
            value, origin = each.default, "default"
        if each.key == "appearance.theme" and value == "auto":
            chosen = _theme_chosen(arguments)
            value, origin = (chosen, "chosen in the reader") if chosen else (value, origin)
        line = loaded.place(each.key) if each.key in wrong else ""
        yield Shown(each.key, list(value) if isinstance(value, tuple) else value, origin, line)
    for id, pressed in keys_in_force(loaded).items():
        key = f"keys.{id}"
        if key in wrong:
            yield Shown(key, pressed, "default", loaded.place(key))
        else:
            yield Shown(key, pressed, loaded.origin(key))


def _theme_chosen(arguments: argparse.Namespace) -> str:
    with library_of(arguments) as library:
        theme = library.state.get("theme")
    return theme if isinstance(theme, str) else ""


def _print(loaded: Loaded, shown: list[Shown]) -> None:
    from paperreader.config.template import in_toml

    there = loaded.path.exists()
    output.line(str(loaded.path), "" if there else "  is not there; `paperreader config --init` writes it")
    values = {each.key: in_toml(each.value) for each in shown}
    widths = (max(len(each.key.partition(".")[2]) for each in shown), _width(values))
    section = ""
    for each in shown:
        of, _, name = each.key.partition(".")
        if of != section:
            section = of
            output.line()
            output.line((f"[{section}]", "strong"))
        value = values[each.key]
        folder = f"{loaded.path.parent}/"
        origin = each.origin.removeprefix(folder)
        style = "faint" if each.origin == "default" else "mine"
        refused = f"  {each.refused.removeprefix(folder)} does not count" if each.refused else ""
        output.line(f"{name:{widths[0]}}  {value:{widths[1]}}  ", (origin, style), (refused, "mine"))
    if section != "keys":
        output.line()
        output.line(("[keys]", "strong"))
        output.line("every key  ", ("default", "faint"))


def _width(values: Mapping[str, str]) -> int:
    """Cells for the column of values; a long one pushes what stands behind it aside."""
    return max(min(len(value), 28) for value in values.values())

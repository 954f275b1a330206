"""Declare arguments: the parser class, helpers that add a command, and argument types."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from paperreader.cli import exit_codes, output, usage_errors

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction["Parser"]

JSON_HELP = "print one JSON object"
JSON_LINES_HELP = "print one JSON object per line"


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors in one sentence, and keeps the line breaks of examples."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)
        self.color = False  # from Python 3.14 on, argparse writes colors, which are not filtered

    def error(self, message: str) -> NoReturn:
        """Print the message and a pointer to the help, and exit with the code for usage errors."""
        text = message.removeprefix("argument ").removesuffix(".")
        if not text.startswith("-"):
            text = text[:1].upper() + text[1:]
        end = "" if text.endswith("?") else "."
        output.print_error(f"{text}{end} See `{self.prog} --help`.")
        raise SystemExit(exit_codes.USAGE_ERROR)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Replace the message of argparse for an invalid choice."""
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):
            self.error(usage_errors.unknown_command(value, action.choices))
        name = action.option_strings[0] if action.option_strings else f"the {str(action.metavar).lower()}"
        self.error(usage_errors.invalid_choice(name, value, tuple(action.choices)))


def add_command(subparsers: Subparsers, name: str, summary: str, *, examples: Sequence[str]) -> Parser:
    """Add the parser of a command. Options that select a library are accepted before and after its name.

    Args:
        subparsers: where to add it.
        name: of the command.
        summary: what it does, starting with a verb in lower case, without full stop.
        examples: command lines for its help.
    """
    epilog = "\n".join(
        [f"example{'s' if len(examples) > 1 else ''}:", *(f"  {example}" for example in examples)]
    )
    description = summary[0].upper() + summary[1:] + "."
    parser = subparsers.add_parser(name, help=summary, description=description, epilog=epilog)
    parser.set_defaults(command=parser)
    # Suppressed: a default here would overwrite an option given before the command.
    add_library_options(parser, default=argparse.SUPPRESS)
    return parser


def add_library_options(parser: Parser, *, default: Any) -> None:
    """Add the options that select a library."""
    parser.add_argument(
        "--library",
        metavar="DIR",
        type=Path,
        default=default,
        help="the library's folder (default: $PAPERREADER_LIBRARY, else the data folder of the platform)",
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        default=default if default is argparse.SUPPRESS else False,
        help="use the sample library",
    )


def iso_date(text: str) -> str:
    """Argument type: an ISO date.

    Raises:
        argparse.ArgumentTypeError: it is invalid.
    """
    import re

    from paperreader.text.dates import parse_iso

    date = parse_iso(text)
    if date is None:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise argparse.ArgumentTypeError(f"there is no day {text} in the calendar")
        raise argparse.ArgumentTypeError(f"{text} is not a date; use the form 2025-10-03")
    return date


def whole_number(minimum: int = 0, maximum: int | None = None) -> Callable[[str], int]:
    """Return an argument type: a whole number within bounds."""
    bounds = (
        f" from {minimum} to {maximum}" if maximum is not None else f" from {minimum} on" if minimum else ""
    )

    def parse_number(text: str) -> int:
        is_valid = text.isascii() and text.isdecimal() and len(text) <= 18 and int(text) >= minimum
        if not is_valid or (maximum is not None and int(text) > maximum):
            raise argparse.ArgumentTypeError(f"{text} is not a whole number{bounds}")
        return int(text)

    return parse_number

"""The arguments of the program and of every command."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from paperreader import __version__
from paperreader.cli import exit_codes, output, usage_errors

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """An argument parser that complains in one sentence and keeps the line breaks of its examples."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and where to read on, and leave with the code for wrong usage."""
        said = message.removeprefix("argument ").removesuffix(".")
        if not said.startswith("-"):
            said = said[:1].upper() + said[1:]
        help = f"`{self.prog} --help` explains."
        output.print_error(f"{said} {help}" if said.endswith("?") else f"{said}; {help}")
        raise SystemExit(exit_codes.USAGE_ERROR)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is none of the choices, in our words rather than with all of them in brackets."""
        if action.choices is None or value in action.choices:
            return
        if isinstance(action, argparse._SubParsersAction):
            self.error(usage_errors.unknown_command(value, action.choices))
        name = action.option_strings[0] if action.option_strings else f"the {str(action.metavar).lower()}"
        self.error(usage_errors.invalid_choice(name, value, tuple(action.choices)))


COMMAND_MODULES = {
    "fetch": "fetch",
    "add": "add",
    "import": "import_",
    "search": "search",
    "show": "show",
    "open": "open_",
    "mark": "mark",
    "subscribe": "subscribe",
    "subscriptions": "subscribe",
    "unsubscribe": "subscribe",
    "digest": "digest",
    "trends": "trends",
    "export": "export",
    "reindex": "reindex",
    "paths": "paths",
    "config": "config",
    "completion": "completion",
    "check": "check",
    "remove": "remove",
    "restore": "restore",
}
"""Every command, in the order of the help, and the module that declares it."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with `run` set to what is to be done.

    Raises:
        SystemExit: help or version was printed (code 0), or the arguments are wrong (code 2).
    """
    parser = build_parser(_modules_for(argv))
    found, left = parser.parse_known_args(argv)
    if left:  # told by the command that was given it
        command: Parser = getattr(found, "command", parser)
        command.error(usage_errors.unknown_argument(left[0], f"`{command.prog}`", command))
    return found


def _modules_for(argv: Sequence[str]) -> Iterable[str]:
    """The modules that declare what the arguments ask for: for the reader none, else one or, where in doubt, all."""
    words = iter(argv)
    for word in words:
        if word == "--library":
            next(words, None)
        elif word != "--sample" and not word.startswith("--library="):
            return [COMMAND_MODULES[word]] if word in COMMAND_MODULES else COMMAND_MODULES.values()
    return ()


def build_parser(modules: Iterable[str] = COMMAND_MODULES.values()) -> Parser:
    """The command line with the commands that `modules` declare: declaring all of them takes 20 ms."""
    from paperreader.cli.commands import reader

    parser = Parser(
        prog="paperreader",
        description="Read, search and keep machine-learning papers in a terminal. Without a command, the reader opens.",
        epilog="example:\n  paperreader --sample        look around in the sample pages",
    )
    _add_library_options(parser, default=None)
    parser.add_argument("--version", action="version", version=f"paperreader {__version__}")
    parser.set_defaults(run=reader.run)
    names = dict.fromkeys(modules)
    if names:
        commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
        for name in names:
            import_module(f"paperreader.cli.commands.{name}").add(commands)
    return parser


def add_command(subparsers: Subparsers, name: str, summary: str, *, examples: Sequence[str]) -> Parser:
    """Declare a command: its name, one sentence on what it does, and examples for its help.

    The options that choose a library are accepted behind the command as well as before it.
    """
    epilog = "\n".join(
        [f"example{'s' if len(examples) > 1 else ''}:", *(f"  {example}" for example in examples)]
    )
    parser = subparsers.add_parser(
        name, help=summary, description=summary[0].upper() + summary[1:] + ".", epilog=epilog
    )
    parser.set_defaults(command=parser)
    # Suppressed: a default here would overwrite what stood before the command.
    _add_library_options(parser, default=argparse.SUPPRESS)
    return parser


def _add_library_options(parser: Parser, *, default: Any) -> None:
    parser.add_argument(
        "--library",
        metavar="DIR",
        type=Path,
        default=default,
        help="the library's folder (else $PAPERREADER_LIBRARY, else the platform's data folder)",
    )
    parser.add_argument(
        "--sample",
        action="store_true",
        default=default if default is argparse.SUPPRESS else False,
        help="use the library of sample pages",
    )

"""`check`: the stores against each other."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import library_of

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands


def add(commands: Commands) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "check",
        "verify the library's files, and mend them on request",
        examples=["paperreader check", "paperreader check --repair"],
    )
    parser.add_argument("--repair", action="store_true", help="mend what can be mended, then verify")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every problem that is left; the exit code says whether there is one."""
    with library_of(arguments) as library:
        for sentence in library.repair() if arguments.repair else []:
            output.line(sentence)
        problems = library.check()
        total = len(library.table)
    for problem in problems:
        output.line(str(problem))
    if problems:
        return exit_codes.FAILED
    output.line(f"{output.papers(total)}, no problems.")
    return exit_codes.DONE

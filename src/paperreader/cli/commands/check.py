"""`check`: the stores against each other."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers


def add(commands: Subparsers) -> None:
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
    with opened_library(arguments) as library:
        for sentence in library.maintenance.repair() if arguments.repair else []:
            output.print_line(sentence)
        problems = library.maintenance.check()
        total = len(library.table)
    for problem in problems:
        output.print_line(str(problem))
    if problems:
        return exit_codes.FAILURE
    output.print_line(f"{output.format_paper_count(total)}, no problems.")
    return exit_codes.SUCCESS

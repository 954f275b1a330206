"""`check`: verify and repair the files of the library."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "check",
        "verify the library's files, and repair them if asked",
        examples=["paperreader check", "paperreader check --repair"],
    )
    parser.add_argument("--repair", action="store_true", help="repair what can be repaired, then verify")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print repairs and remaining problems. The exit code says whether there are any problems."""
    with opened_library(arguments) as library:
        for message in library.maintenance.repair() if arguments.repair else []:
            output.print_line(message)
        problems = library.maintenance.check()
        total = len(library.table)
    for problem in problems:
        output.print_line(str(problem))
    if problems:
        return exit_codes.FAILURE
    output.print_line(f"{output.format_paper_count(total)}, no problems.")
    return exit_codes.SUCCESS

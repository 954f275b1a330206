"""`check`: verify and repair the files of the library."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.errors import RepairRefused, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library

MAX_SHOWN_LOSSES = 20
"""Lines that are shown before a refusal to remove them."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "check",
        "verify the library's files, and repair them if asked",
        examples=["paperreader check", "paperreader check --repair"],
    )
    parser.add_argument("--repair", action="store_true", help="repair what can be repaired, then verify")
    parser.add_argument(
        "--force", action="store_true", help="with --repair: remove damaged lines even if they are many"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print repairs and remaining problems. The exit code says whether there are any problems."""
    if arguments.force and not arguments.repair:
        raise UsageError("--force belongs to --repair: `paperreader check --repair --force`.")
    with opened_library(arguments) as library:
        if arguments.repair:
            _repair(library, force=arguments.force)
        problems = library.maintenance.check()
        total = len(library.table)
    for problem in problems:
        output.print_line(str(problem))
    if problems:
        return exit_codes.FAILURE
    output.print_line(f"{output.format_paper_count(total)}, no problems.")
    return exit_codes.SUCCESS


def _repair(library: Library, *, force: bool) -> None:
    """Repair, and print what was done, or what would be removed.

    Raises:
        RepairRefused: too much would be removed; nothing was changed.
    """
    try:
        messages = library.maintenance.repair(force=force)
    except RepairRefused as refused:
        for loss in refused.losses[:MAX_SHOWN_LOSSES]:
            output.print_line(loss)
        if (more := len(refused.losses) - MAX_SHOWN_LOSSES) > 0:
            output.print_line(f"… and {more:,} more lines")
        raise
    for message in messages:
        output.print_line(message)

"""`check`: verify and repair the files of the library."""

from __future__ import annotations

import argparse
import sys
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
    parser.add_argument(
        "--git-attributes",
        action="store_true",
        help="with --repair: stop git from converting line ends, in .gitattributes of the library, without asking",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print repairs and remaining problems. The exit code says whether there are any problems."""
    for option in ("force", "git_attributes"):
        if getattr(arguments, option) and not arguments.repair:
            name = f"--{option.replace('_', '-')}"
            raise UsageError(f"{name} belongs to --repair: `paperreader check --repair {name}`.")
    with opened_library(arguments) as library:
        if arguments.repair:
            _repair(library, force=arguments.force)
        _report_line_ends(library, arguments)
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


def _report_line_ends(library: Library, arguments: argparse.Namespace) -> None:
    """Report that git has converted line ends, and turn that off if the user agrees."""
    if not (stores := library.maintenance.converted_stores()):
        return
    names = " and ".join(stores)
    output.print_line(f"git has converted the line ends of {names} to CRLF, which does no harm here.")
    if not arguments.repair:
        output.print_line("`paperreader check --repair --git-attributes` turns that off for the library.")
    elif arguments.git_attributes or _agrees("Append `* -text` to .gitattributes of the library? [y/N] "):
        library.maintenance.turn_line_end_conversion_off()
        output.print_line(f"Appended `* -text` to .gitattributes, and wrote {names} with LF. Commit both.")
    else:
        output.print_line("Nothing was changed. `--git-attributes` does it without asking.")


def _agrees(question: str) -> bool:
    """Ask on a terminal; elsewhere, the answer is no."""
    if not (output.is_terminal(sys.stdin) and output.is_terminal(sys.stdout)):
        return False
    return output.ask(question).strip().lower() in {"y", "yes"}

"""`remove`: papers out of the library, and back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import Library


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "remove",
        "take papers out of the library; marks and notes are kept",
        examples=[
            "paperreader remove 2510.02297",
            "paperreader remove --source daily-2025-10-03.txt",
            "paperreader remove --undo",
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="*", help="an id, an arXiv address, or the start of an id")
    parser.add_argument("--source", metavar="NAME", help="take back all that this file or address brought")
    parser.add_argument("--undo", action="store_true", help="bring back what the last removal took")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Remove, or undo the last removal."""
    if bool(arguments.ids) + (arguments.source is not None) + arguments.undo != 1:
        raise UsageError("Say what to remove: ids, or --source NAME, or --undo.")
    with opened_library(arguments) as library:
        if arguments.undo:
            return _undo(library)
        if arguments.source is not None:
            taken = f"Took back what {arguments.source} brought"
            ids = library.removals.remove_source(arguments.source)
        else:
            taken = "Removed"
            ids = library.removals.remove(arguments.ids)
    output.print_line(
        f"{taken}: {output.format_paper_count(len(ids))}; `paperreader remove --undo` undoes it."
    )
    return exit_codes.SUCCESS


def _undo(library: Library) -> int:
    ids = library.removals.undo()
    if not ids:
        raise PaperreaderError("There is no removal to undo.")
    output.print_line(f"Brought back {output.format_paper_count(len(ids))}.")
    return exit_codes.SUCCESS

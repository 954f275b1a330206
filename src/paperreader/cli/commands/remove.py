"""`remove`: papers out of the library, and back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import library_of
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands
    from paperreader.library import Library


def add(commands: Commands) -> None:
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
    with library_of(arguments) as library:
        if arguments.undo:
            return _undo(library)
        if arguments.source is not None:
            taken = f"Took back what {arguments.source} brought"
            ids = library.remove_source(arguments.source)
        else:
            taken = "Removed"
            ids = library.remove(arguments.ids)
    output.line(f"{taken}: {output.papers(len(ids))}; `paperreader remove --undo` undoes it.")
    return exit_codes.DONE


def _undo(library: Library) -> int:
    ids = library.undo_remove()
    if not ids:
        raise PaperreaderError("There is no removal to undo.")
    output.line(f"Brought back {output.papers(len(ids))}.")
    return exit_codes.DONE

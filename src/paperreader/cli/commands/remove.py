"""`remove`: remove papers from the library, and undo that."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "remove",
        "remove papers from the library, but not their marks and notes; no fetch adds them again",
        examples=[
            "paperreader remove 2510.02297",
            "paperreader remove --source daily-2025-10-03.txt",
            "paperreader remove --undo",
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="*", help=IDS_HELP)
    parser.add_argument(
        "--source", metavar="SOURCE", help="remove everything imported from this file or service"
    )
    parser.add_argument(
        "--undo", action="store_true", help="restore the papers that were removed or deleted last"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Remove papers, or undo the last removal."""
    if bool(arguments.ids) + (arguments.source is not None) + arguments.undo != 1:
        raise UsageError("Give either ids, or --source NAME, or --undo.")
    named = read_ids(arguments.ids) if arguments.ids else []
    with opened_library(arguments) as library:
        if arguments.undo:
            return _undo(library)
        source = arguments.source
        ids = library.removals.remove(named) if source is None else library.removals.remove_source(source)
    origin = "" if source is None else f" of {source}"
    output.print_line(
        f"Removed {output.format_paper_count(len(ids))}{origin}. Undo with `paperreader remove --undo`."
    )
    return exit_codes.SUCCESS


def _undo(library: Library) -> int:
    ids = library.removals.undo()
    if not ids:
        raise PaperreaderError("There is no removal to undo.")
    output.print_line(f"Restored {output.format_paper_count(len(ids))}.")
    return exit_codes.SUCCESS

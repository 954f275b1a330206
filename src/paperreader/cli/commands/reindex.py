"""`reindex`: the search index anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands, "reindex", "build the search index anew from the catalog", examples=["paperreader reindex"]
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build the index and say over how many papers."""
    with opened_library(arguments) as library:
        with ProgressBar() as bar:
            library.maintenance.reindex(bar, from_scratch=True)
        total = len(library.table)
    output.print_line(f"Indexed {output.format_paper_count(total)}.")
    return exit_codes.SUCCESS

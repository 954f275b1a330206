"""`reindex`: rebuild the search index."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import FIRST_INDEX_WAIT_SECONDS, opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.errors import LockTimeout

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "reindex",
        "rebuild the search index from the catalog",
        examples=["paperreader reindex"],
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the index and print the number of papers."""
    with opened_library(arguments) as library:
        try:
            with ProgressBar() as bar:
                wait = FIRST_INDEX_WAIT_SECONDS
                library.maintenance.reindex(bar, from_scratch=True, lock_timeout=wait)
                library.maintenance.update_vectors(bar)
                texts = library.maintenance.reindex_full_texts(bar, from_scratch=True, lock_timeout=wait)
        except LockTimeout:
            output.print_error("Another paperreader is writing the search index, and completes it.")
            return exit_codes.SUCCESS
        total = len(library.table)
    full_texts = f" and {texts:,} full text{'s' * (texts != 1)}" if texts else ""
    output.print_line(f"Indexed {output.format_paper_count(total)}{full_texts}.")
    return exit_codes.SUCCESS

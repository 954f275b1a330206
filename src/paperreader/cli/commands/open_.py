"""`open`: the reader at one paper."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli.commands import reader
from paperreader.cli.library_access import open_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands, "open", "open the reader at one paper", examples=["paperreader open 2510.02297"]
    )
    parser.add_argument("id", metavar="ID", help="an id, an arXiv address, or the start of an id")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the reader at the paper."""
    reader.need_terminal()
    library = open_library(arguments)
    return reader.start(library, start_row=library.resolve(arguments.id))

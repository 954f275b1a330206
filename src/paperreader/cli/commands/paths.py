"""`paths`: where everything lives."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(commands, "paths", "print where everything is kept", examples=["paperreader paths"])
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one place a line."""
    with opened_library(arguments) as library:
        places = {
            "library": library.folder,
            "cache": paths.cache_folder(library.uuid) if library.uuid else None,
            "state": paths.state_folder(library.uuid) if library.uuid else None,
            "config": paths.config_folder(),
            "log": paths.log_file(),
            "samples": paths.sample_pages_folder(),
        }
    for name, place in places.items():
        if place is not None:  # cache and state belong to a library that has papers
            output.print_line(f"{name:<8}", " ", str(place))
    return exit_codes.SUCCESS

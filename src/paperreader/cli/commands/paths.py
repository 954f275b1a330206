"""`paths`: where files are stored."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(subparsers, "paths", "print where files are stored", examples=["paperreader paths"])
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one path per line."""
    with opened_library(arguments, must_exist=False) as library:
        places = {
            "library": library.folder,
            "texts": paths.full_text_folder(library.uuid) if library.uuid else None,
            "cache": paths.cache_folder(library.uuid) if library.uuid else None,
            "for-you": library.for_you.path if library.uuid else None,
            "citations": paths.citations_file(library.uuid) if library.uuid else None,
            "state": paths.state_folder(library.uuid) if library.uuid else None,
            "frame": paths.first_frame_file(),
            "config": paths.config_folder(),
            "log": paths.log_file(),
            "samples": paths.sample_pages_folder(),
        }
    for name, path in places.items():
        if path is not None:  # an empty library has no full texts, cache or state
            output.print_line(f"{name:<9}", " ", str(path))
    return exit_codes.SUCCESS

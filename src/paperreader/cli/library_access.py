"""Open the library that the arguments select."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paperreader.cli import output
from paperreader.cli.progress import ProgressBar
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.library import Library


@contextmanager
def opened_library(arguments: argparse.Namespace) -> Iterator[Library]:
    """Open the library for the body, and print its warnings (repairs, for example) afterwards.

    Raises:
        UsageError: both `--library` and `--sample` were given.
        PaperreaderError: it cannot be opened.
    """
    library = open_library(arguments)
    try:
        yield library
    finally:
        for warning in library.pop_warnings():
            output.print_error(warning)


def open_library(arguments: argparse.Namespace) -> Library:
    """Open the library that `--library` or `--sample` selects, else the default one.

    Raises:
        UsageError: both options were given.
        PaperreaderError: it cannot be opened.
    """
    from paperreader.library import Library

    if arguments.sample and arguments.library is not None:
        raise UsageError("--sample and --library cannot be combined; --sample has a library of its own.")
    return Library.open(arguments.library, sample=arguments.sample)


def ensure_index_current(library: Library) -> None:
    """Update the search index if papers were added since it was written.

    Raises:
        StorageError: the index cannot be written.
    """
    if not library.maintenance.index_is_current():
        with ProgressBar() as bar:
            library.maintenance.reindex(bar)

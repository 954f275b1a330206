"""Opening the library that the arguments name."""

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
    """The library that `--library` and `--sample` choose; afterwards the person is told what had to be mended.

    Raises:
        UsageError: both were given.
        PaperreaderError: it cannot be opened.
    """
    library = open_library(arguments)
    try:
        yield library
    finally:
        for notice in library.pop_warnings():
            output.print_error(notice)


def open_library(arguments: argparse.Namespace) -> Library:
    """The library that `--library` and `--sample` choose.

    Raises:
        UsageError: both were given.
        PaperreaderError: it cannot be opened.
    """
    from paperreader.library import Library

    if arguments.sample and arguments.library is not None:
        raise UsageError("--sample opens a library of its own; leave out --library.")
    return Library.open(arguments.library, sample=arguments.sample)


def ensure_index_current(library: Library) -> None:
    """Bring the search index up to date where papers came in since it was written.

    Raises:
        StorageError: the index cannot be written.
    """
    if not library.maintenance.index_is_current():
        with ProgressBar() as bar:
            library.maintenance.reindex(bar)

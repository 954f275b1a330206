"""Open the library that the arguments select."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import output
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    import argparse

    from paperreader.library import Library


LOCK_WAIT_SECONDS = 60.0
"""How long a command waits for another process that writes to the library."""

INDEX_WAIT_SECONDS, FIRST_INDEX_WAIT_SECONDS = 10.0, 600.0
"""How long a command waits for another process that updates the index; and if there is no index to search in yet."""


_WORK_BY_LOCK = {
    "arxiv.lock": "using arXiv",
    "arxiv-pages.lock": "fetching full texts",
    "digest.lock": "sending a digest",
    "full-texts.lock": "storing a full text",
    "index.lock": "updating the search index",
    "text-index.lock": "updating the index of full texts",
}


@contextmanager
def opened_library(arguments: argparse.Namespace, *, must_exist: bool = True) -> Iterator[Library]:
    """Open the library for the body, and print its warnings (repairs, for example) afterwards.

    Other processes that write to it are waited for.

    Raises: as `open_library`.
    """
    from paperreader.storage import waiting_for_locks

    with waiting_for_locks(LOCK_WAIT_SECONDS, _report_waiting):
        library = open_library(arguments, must_exist=must_exist)
        try:
            yield library
        finally:
            for warning in library.pop_warnings():
                output.print_error(warning)


def _report_waiting(lock: Path) -> None:
    """Tell a person that the command waits. cron would send it as a mail."""
    if output.is_terminal(sys.stderr):
        work = _WORK_BY_LOCK.get(lock.name, "writing to the library")
        output.print_error(f"Waiting for another paperreader that is {work}.")


def open_library(arguments: argparse.Namespace, *, must_exist: bool = True) -> Library:
    """Open the library that `--library` or `--sample` selects, else the default one.

    Args:
        arguments: the parsed command line.
        must_exist: whether a folder that the user names and that does not exist is an error: a spelling mistake would
            look like an empty library. False for commands that create it, or do not need it.

    Raises:
        UsageError: both options were given.
        PaperreaderError: it cannot be opened, or has to exist and does not.
    """
    if arguments.sample and arguments.library is not None:
        raise UsageError("--sample and --library cannot be combined; --sample has a library of its own.")
    if must_exist and not arguments.sample:
        _check_named_folder(arguments.library)
    return open_folder(arguments.library, sample=arguments.sample)


def open_folder(folder: Path | None, *, sample: bool = False) -> Library:
    """Open the library in a folder; None for the default one. With `sample`, open that of the sample papers.

    Raises:
        PaperreaderError: it cannot be opened.
    """
    from paperreader.library import Library

    return Library.open(folder, sample=sample, hide_rules=_hide_rules)


def _hide_rules() -> Sequence[str]:
    """Return the rules of the settings file, and report invalid ones, which are left out."""
    from paperreader import config

    loaded = config.read_settings()
    for problem in loaded.ignored_entries.get("inbox.hide", ()):
        output.print_error(problem)
    return loaded.settings.inbox.hide


def _check_named_folder(folder: Path | None) -> None:
    """Check that the folder that `--library` or the environment names exists.

    Raises:
        PaperreaderError: it does not.
    """
    named = "--library" if folder is not None else paths.LIBRARY_VARIABLE
    if folder is None and not os.environ.get(paths.LIBRARY_VARIABLE):
        return
    path = paths.library_folder(folder)
    if not os.path.lexists(path):
        raise PaperreaderError(f"There is no folder {path}. Check {named}, or import papers to create it.")


def ensure_index_current(library: Library, *queries: str) -> None:
    """Update the search index if papers were added since it was written; that of full texts if one of the queries
    searches in them.

    While another process is writing it, the search uses the index as it is.

    Raises:
        StorageError: the index cannot be written, or there is none yet and another process does not finish it.
    """
    from paperreader.cli.progress import ProgressBar
    from paperreader.errors import LockTimeout
    from paperreader.text.query import asks_for_meaning, searches_full_texts

    maintenance = library.maintenance
    if any(map(searches_full_texts, queries)):
        _ensure_text_index_current(library)
    if maintenance.index_is_current():
        if any(map(asks_for_meaning, queries)):
            with ProgressBar() as bar:
                maintenance.update_vectors(bar)
        return
    is_usable = maintenance.index_is_usable()
    try:
        with ProgressBar() as bar:
            wait = INDEX_WAIT_SECONDS if is_usable else FIRST_INDEX_WAIT_SECONDS
            maintenance.reindex(bar, lock_timeout=wait)
    except LockTimeout:
        if not is_usable:
            raise
        output.print_error(
            "Another paperreader is updating the search index. The papers it has not indexed yet are missing here."
        )


def _ensure_text_index_current(library: Library) -> None:
    """Update the index of full texts; while another process is writing it, the search uses it as it is."""
    from paperreader.cli.progress import ProgressBar
    from paperreader.errors import LockTimeout

    index = library.full_texts.index
    if index.is_current():
        return
    try:
        with ProgressBar() as bar:
            index.update(bar, lock_timeout=INDEX_WAIT_SECONDS)
    except LockTimeout:
        output.print_error(
            "Another paperreader is indexing full texts. Those it has not indexed yet are missing here."
        )

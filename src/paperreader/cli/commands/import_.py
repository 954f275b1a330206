"""`import`: files and folders into the library."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import iso_date
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import print_report, print_report_json
from paperreader.cli.signals import terminate_on_sigterm
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import Library, Progress


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "import",
        "bring papers into the library",
        examples=[
            "paperreader import ~/Downloads/daily-2025-10-03.txt",
            "paperreader import pages/ --date 2025-10-03",
            "paperreader import daily-papers-2024-2026.tar.xz references.bib",
            "paperreader import - < papers.jsonl",
            "paperreader import --undo               take the last import back",
        ],
    )
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="a file, a folder (walked), or - for standard input"
    )
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        type=iso_date,
        help="the day the pages are of, whatever they say themselves",
    )
    parser.add_argument(
        "--undo", action="store_true", help="take back what the last import brought; marks are kept"
    )
    parser.add_argument("--json", action="store_true", help="print what happened as one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import, and tell what was read and every problem on the way; or take the last import back."""
    if bool(arguments.paths) == arguments.undo:
        raise UsageError(
            "Say what to import (files, folders or -), or --undo by itself; `paperreader import --help` explains."
        )
    if arguments.undo:
        return _undo(arguments)
    with opened_library(arguments) as library:
        with ProgressBar() as bar, report_interruption(bar, library):
            report = library.imports.import_paths(arguments.paths, date=arguments.date, progress=bar)
        (print_report_json if arguments.json else print_report)(report)
    return exit_codes.FAILURE if report.unreadable else exit_codes.SUCCESS


def _undo(arguments: argparse.Namespace) -> int:
    with opened_library(arguments) as library:
        with ProgressBar() as bar:
            undone = library.imports.undo_import(bar)
        if undone is None:
            raise PaperreaderError("There is no import to take back.")
        if arguments.json:
            output.print_json(
                {"gone": undone.removed, "changed": undone.restored, "sources": list(undone.source_names)}
            )
        else:
            moment = dt.datetime.fromtimestamp(undone.operation_id / 1000).strftime("%Y-%m-%d %H:%M")
            output.print_line(
                f"Took back the import of {moment}: {output.format_paper_count(undone.removed)} gone, "
                f"{undone.restored:,} as before. Marks are kept, and importing again brings all back."
            )
    return exit_codes.SUCCESS


@contextmanager
def report_interruption(bar: ProgressBar, library: Library) -> Iterator[None]:
    """Say, when the body is interrupted (ctrl+c, or a request to end), what of the import stays."""
    before = len(library.table)
    with terminate_on_sigterm():
        try:
            yield
        except KeyboardInterrupt as stop:
            library.refresh()
            raise type(stop)(_interruption_message(bar.last, len(library.table) - before)) from stop


def _interruption_message(last: Progress | None, new: int) -> str:
    """The sentence for an import of which `last` was told last, and that has brought so many new papers.

    A chunk may be in the library that was not told of any more, so the papers are counted and not remembered; but
    not those of a very large import, which would take seconds.
    """
    if new > 0 and (last is None or last.stage == "reading"):
        return (
            f"Interrupted after {new:,} new {'paper' if new == 1 else 'papers'}; they are in the library, "
            "and repeating the import completes it."
        )
    if last is None or (last.stage == "reading" and not last.done):
        return "Interrupted before anything was read; the library is as it was."
    if last.stage == "reading":
        return (
            f"Interrupted when {output.format_paper_count(last.done)} or a few more were read; what they brought is in the "  # noqa: E501
            "library, and repeating the import completes it."
        )
    return "Interrupted; every paper is in the library, and the search index is completed when it is needed."

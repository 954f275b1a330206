"""`import`: add files and folders to the library."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_HELP, add_command, iso_date
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import print_report, print_report_json
from paperreader.cli.signals import terminate_on_sigterm
from paperreader.errors import PaperreaderError, UsageError
from paperreader.text.counts import format_count

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library, Progress


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "import",
        "import papers from files and folders",
        examples=[
            "paperreader import ~/Downloads/daily-2025-10-03.txt",
            "paperreader import pages/ --date 2025-10-03",
            "paperreader import daily-papers-2024-2026.tar.xz references.bib",
            "paperreader import - < reading.jsonl",
            "paperreader import --undo               undo the last import",
        ],
    )
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="a file, a folder (with its subfolders), or - for standard input",
    )
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        type=iso_date,
        help="the day on which the papers were listed, in place of the one in the file",
    )
    parser.add_argument(
        "--undo", action="store_true", help="undo the last import, and remove the marks that came with it"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import and print counts and problems, or undo the last import."""
    if bool(arguments.paths) == arguments.undo:
        raise UsageError(
            "Give files, folders or - to import, or only --undo. See `paperreader import --help`."
        )
    if arguments.undo:
        return _undo(arguments)
    with opened_library(arguments, must_exist=False) as library:
        with ProgressBar() as bar, report_interruption(bar, library):
            report = library.imports.import_paths(arguments.paths, date=arguments.date, progress=bar)
        if arguments.json:
            print_report_json(report, full_texts=report.full_texts)
        else:
            print_report(report)
            if report.full_texts:
                output.print_line(f"{format_count(report.full_texts, 'full text')} stored")
    return exit_codes.FAILURE if report.unreadable else exit_codes.SUCCESS


def _undo(arguments: argparse.Namespace) -> int:
    from paperreader.checked_values import local_time  # loads the JSON parser, which `--help` does not need

    with opened_library(arguments) as library:
        with ProgressBar() as bar:
            undone = library.imports.undo_import(bar)
        if undone is None:
            raise PaperreaderError("There is no import to undo.")
        if arguments.json:
            output.print_json(
                {"gone": undone.removed, "changed": undone.restored, "sources": list(undone.source_names)}
            )
        else:
            time = local_time(undone.operation_id / 1000)
            date = time.strftime("%Y-%m-%d %H:%M") if time else "an unknown time"
            output.print_line(
                f"Import of {date} undone: {output.format_paper_count(undone.removed)} removed, "
                f"{undone.restored:,} restored. Your own marks are unchanged; importing again restores everything."
            )
    return exit_codes.SUCCESS


@contextmanager
def report_interruption(bar: ProgressBar, library: Library) -> Iterator[None]:
    """Replace the message of an interruption (ctrl+c, SIGTERM) in the body by one that says what was imported."""
    before = len(library.table)
    with terminate_on_sigterm():
        try:
            yield
        except KeyboardInterrupt as stop:
            library.refresh()
            raise type(stop)(_interruption_message(bar.last, len(library.table) - before)) from stop


def _interruption_message(last: Progress | None, new: int) -> str:
    """Return the message for an import with `new` new papers so far and `last` as its latest progress.

    The papers are counted in the library, because a chunk may be written after its last progress. Counting the merged
    ones as well would take seconds in a large library.
    """
    if new > 0 and (last is None or last.stage == "reading"):
        return (
            f"Interrupted after {format_count(new, 'new paper')}. They are in the library; "
            "repeat the import to complete it."
        )
    if last is None or (last.stage == "reading" and not last.done):
        return "Interrupted before anything was read. The library is unchanged."
    if last.stage == "reading":
        return (
            f"Interrupted after at least {output.format_paper_count(last.done)} were read. They are in the library; "
            "repeat the import to complete it."
        )
    return "Interrupted. All papers are in the library; the search index is completed when it is needed."

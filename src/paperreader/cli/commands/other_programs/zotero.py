"""`zotero`: send papers to Zotero on this machine, and import those that it has."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_ids
from paperreader.cli.progress import ProgressBar
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "zotero",
        "send papers to Zotero on this machine, or import those that it has",
        examples=[
            "paperreader zotero 2510.02297",
            "paperreader search 'is:bookmarked tag:thesis' | paperreader zotero -",
            "paperreader zotero --import",
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="*", help=f"papers to send: {IDS_HELP}")
    parser.add_argument(
        "--import", dest="imports", action="store_true", help="import all items of your library in Zotero"
    )
    parser.add_argument(
        "--again", action="store_true", help="also send papers that were sent before; Zotero gets them twice"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send or import, and print how many papers."""
    if arguments.imports:
        return _import(arguments)
    if not arguments.ids:
        raise UsageError(
            "Name the papers to send: `paperreader zotero ID…`, - for standard input, or use --import."
        )
    from paperreader.fetch.zotero_transfer import send_papers

    ids = read_ids(arguments.ids)
    with opened_library(arguments) as library:
        rows, errors = resolve_ids(library, ids)
        known = [library.table.id_of(row) for row in rows]
        with ProgressBar() as bar:
            report = send_papers(library, known, bar, again=arguments.again)
    skipped = f", {report.skipped:,} skipped: sent before (--again sends them)" if report.skipped else ""
    output.print_line(f"{output.format_paper_count(report.sent)} sent to Zotero{skipped}")
    for error in errors:
        output.print_error(error)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


def _import(arguments: argparse.Namespace) -> int:
    from paperreader.cli.reports import print_report
    from paperreader.fetch.zotero_transfer import import_items

    if arguments.ids or arguments.again:
        raise UsageError("`paperreader zotero --import` imports all papers; leave out ids and --again.")
    with opened_library(arguments, must_exist=False) as library:
        with ProgressBar() as bar:
            report = import_items(library, bar)
        print_report(report)
    return exit_codes.SUCCESS

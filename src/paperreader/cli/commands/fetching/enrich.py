"""`enrich`: how often papers are cited, from Semantic Scholar or OpenAlex."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_HELP, add_command, whole_number
from paperreader.cli.commands.fetching.selection import fetch_for_papers
from paperreader.cli.reports import remaining_message

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.fetch.citations.enrich import EnrichReport


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "enrich",
        "request how often papers are cited, from Semantic Scholar or OpenAlex",
        examples=[
            "paperreader enrich",
            "paperreader enrich 'date:2024 tag:thesis'",
            "paperreader search 'is:bookmarked citations:>50 sort:citations'",
        ],
    )
    parser.add_argument(
        "words", metavar="QUERY", nargs="*", help="the papers that match (default: your bookmarks)"
    )
    parser.add_argument("--limit", metavar="N", type=whole_number(1), help="at most N papers, the newest")
    parser.add_argument("--refresh", action="store_true", help="also counts of the last seven days")
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Request and store the counts, and print how many."""
    from paperreader.fetch.citations.enrich import enrich

    report = fetch_for_papers(arguments, partial(enrich, refresh=arguments.refresh))
    (_print_json if arguments.json else _print)(report)
    return exit_codes.FAILURE if report.problem else exit_codes.SUCCESS


def _print(report: EnrichReport) -> None:
    if not report.service:
        return  # which papers are missing is said
    output.print_line(
        f"{report.updated:,} counted by {report.service}, {report.fresh:,} known already, "
        f"{len(report.unknown):,} unknown there"
    )
    if report.problem:
        output.print_error(report.problem)
    if report.remaining:
        output.print_error(remaining_message(report.remaining))


def _print_json(report: EnrichReport) -> None:
    from msgspec import to_builtins

    output.print_json(to_builtins(report))

"""`fetch text`: the full texts of many papers, at the pace that arXiv asks for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.commands.fetching.selection import fetch_for_papers
from paperreader.cli.reports import remaining_message

if TYPE_CHECKING:
    from paperreader.fetch.full_texts.download import FullTextReport


def run(arguments: argparse.Namespace) -> int:
    """Fetch the full texts that are missing, and print how many there are now."""
    from paperreader.fetch.full_texts.download import download_full_texts

    report = fetch_for_papers(arguments, download_full_texts)
    (_print_json if arguments.json else _print)(report)
    return exit_codes.FAILURE if report.problems or report.remaining else exit_codes.SUCCESS


def _print(report: FullTextReport) -> None:
    for message in (*report.warnings, *map(str, report.problems), *map(str, report.missing)):
        output.print_error(message)
    known = len(report.texts) - report.fetched
    output.print_line(
        f"{report.fetched:,} fetched, {known:,} already stored, {len(report.missing):,} not available"
    )
    if report.remaining:
        output.print_error(remaining_message(len(report.remaining)))


def _print_json(report: FullTextReport) -> None:
    from msgspec import to_builtins

    for warning in report.warnings:
        output.print_error(warning)
    messages = {
        name: [{"id": each.file, "message": each.message} for each in getattr(report, name)]
        for name in ("missing", "problems")
    }
    texts = [to_builtins(text) for text in report.texts]
    output.print_json({"texts": texts, **messages, "left": report.remaining})

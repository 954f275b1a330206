"""`fetch pdf`: the PDFs of many papers, at the pace that arXiv asks for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.commands.fetching.selection import fetch_for_papers
from paperreader.cli.reports import remaining_message

if TYPE_CHECKING:
    from paperreader.fetch.pdf.download import PdfReport


def run(arguments: argparse.Namespace) -> int:
    """Download the PDFs that are missing, and print how many there are now."""
    from paperreader.fetch.pdf.download import download_pdfs

    report = fetch_for_papers(arguments, download_pdfs)
    (_print_json if arguments.json else _print)(report)
    return exit_codes.FAILURE if report.problems or report.remaining else exit_codes.SUCCESS


def _print(report: PdfReport) -> None:
    for message in (*report.warnings, *map(str, report.problems)):
        output.print_error(message)
    known = len(report.files) - report.downloaded
    output.print_line(
        f"{report.downloaded:,} downloaded, {known:,} already there, {len(report.problems):,} failed"
    )
    if report.remaining:
        output.print_error(remaining_message(len(report.remaining)))


def _print_json(report: PdfReport) -> None:
    from msgspec import to_builtins

    for warning in report.warnings:
        output.print_error(warning)
    problems = [{"id": each.file, "message": each.message} for each in report.problems]
    output.print_json(
        {"files": to_builtins(report.files), "problems": problems, "remaining": report.remaining}
    )

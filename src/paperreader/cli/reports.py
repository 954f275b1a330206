"""Print the outcome of an import or a fetch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from paperreader.cli import exit_codes, output
from paperreader.text.dates import parse_iso

if TYPE_CHECKING:
    from paperreader.fetch.runner import FetchReport
    from paperreader.models import Problem

MAX_NAMED_DAYS = 3
"""Remaining days that are listed by name."""


class ImportCounts(Protocol):
    """`read = new + merged + unchanged`, counted per record."""

    @property
    def read(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def merged(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def problems(self) -> Iterable[Problem]: ...


def print_report(report: ImportCounts) -> None:
    """Print all problems, then the counts, which so stay visible however many problems there are."""
    print_problems(report)
    print_counts(report)


def print_problems(report: ImportCounts) -> None:
    """Print all problems on standard error."""
    for problem in report.problems:
        output.print_error(str(problem))


def print_counts(report: ImportCounts) -> None:
    """Print how many records were read, and what became of them."""
    output.print_line(
        f"{report.read:,} read, {report.new:,} new, {report.merged:,} merged, {report.unchanged:,} unchanged"
    )


def print_report_json(report: ImportCounts, **more: Any) -> None:
    """Print the report as one JSON object, with `more` keys at its end."""
    output.print_json(
        {
            "read": report.read,
            "new": report.new,
            "merged": report.merged,
            "unchanged": report.unchanged,
            "problems": [
                {"file": problem.file, "line": problem.line, "message": problem.message}
                for problem in report.problems
            ],
            **more,
        }
    )


def print_fetch_report(report: FetchReport, *, as_json: bool, is_resumable: bool = False) -> int:
    """Print the outcome of a fetch, and return the exit code.

    `is_resumable`: a plain `fetch` continues with what remains.
    """
    for warning in report.warnings:
        output.print_error(warning)
    if as_json:
        from msgspec import to_builtins

        results = [to_builtins(result) for result in report.results]
        print_report_json(report, asked=results, left=[*report.remaining, *report.postponed])
    else:
        print_problems(report)
        if report.results or report.read:  # else nothing has arrived, and the counts would say nothing
            print_counts(report)
        if count := report.new_versions:
            has = "bookmark has" if count == 1 else "bookmarks have"
            output.print_line(
                f"{count:,} {has} a new version: `paperreader search is:updated` lists such papers"
            )
        if is_resumable and len(report.remaining) > 1:
            names = report.remaining[:MAX_NAMED_DAYS]
            names += ["…"] if len(report.remaining) > MAX_NAMED_DAYS else []
            unit = "days" if all(map(parse_iso, report.remaining)) else "requests"
            output.print_error(
                f"{len(report.remaining)} {unit} remain ({', '.join(names)}). Run `paperreader fetch` to continue."
            )
    if report.postponed:
        advice = (
            "The next `paperreader fetch` continues" if is_resumable else "Try again when it has finished"
        )
        output.print_error(f"{report.postponed_message} {advice}.")
    is_failure = report.remaining or (report.postponed and not is_resumable)
    return exit_codes.FAILURE if is_failure else exit_codes.SUCCESS


def remaining_message(count: int) -> str:
    """Return that so many papers remain, and what to do."""
    verb = "remains" if count == 1 else "remain"
    return f"{output.format_paper_count(count)} {verb}. Run the same command again to continue."

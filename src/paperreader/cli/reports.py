"""What an import or a fetch came to, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from paperreader.cli import output

if TYPE_CHECKING:
    from paperreader.models import Problem


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
    """Every problem on standard error, and the counts last, where they are seen however many problems there were."""
    counts = [
        (report.read, "read"),
        (report.new, "new"),
        (report.merged, "merged"),
        (report.unchanged, "unchanged"),
    ]
    for problem in report.problems:
        output.print_error(str(problem))
    output.print_line(", ".join(f"{count:,} {what}" for count, what in counts))


def print_report_json(report: ImportCounts, **more: Any) -> None:
    """The same as one object, with `more` behind it."""
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

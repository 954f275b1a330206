"""What a fetch came to."""

from __future__ import annotations

from msgspec import Struct, field

from paperreader.library import ImportReport
from paperreader.models import Problem


class RequestResult(Struct, frozen=True):
    """One thing that was asked for and answered."""

    name: str
    """A day, a week, an id, as people call it."""
    papers: int


class FetchReport(Struct):
    """Grows as answers come in: `read = new + merged + unchanged`, counted per record."""

    read: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    """What in the answers could not be used, and what was not answered."""
    results: list[RequestResult] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What was not answered, or not asked for any more."""
    notices: list[str] = field(default_factory=list)
    """What a person should know though nothing failed."""

    def add(self, imported: ImportReport) -> None:
        """Count what an answer brought."""
        self.read += imported.read
        self.new += imported.new
        self.merged += imported.merged
        self.unchanged += imported.unchanged
        self.problems.extend(imported.problems)

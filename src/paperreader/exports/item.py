"""What an export format gets to write."""

from __future__ import annotations

from dataclasses import dataclass

from paperreader.models import Mark, Paper, Record


@dataclass(frozen=True, slots=True)
class Exported:
    """A paper with everything the library knows of it."""

    paper: Paper
    mark: Mark
    records: tuple[Record, ...]
    """What each source said, from which the paper was merged."""

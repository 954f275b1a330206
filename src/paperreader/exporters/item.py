"""What an export format gets to write."""

from __future__ import annotations

from msgspec import Struct

from paperreader.models import Mark, Paper, SourceRecord


class ExportItem(Struct, frozen=True):
    """A paper with everything the library knows of it."""

    paper: Paper
    mark: Mark
    records: tuple[SourceRecord, ...]
    """What each source said, from which the paper was merged."""

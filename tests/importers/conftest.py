"""The imported sample pages, by file and by title."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from paperreader import importers, paths
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.tex_display import tex_to_unicode


class SamplePapers(dict[str, SourceRecord]):
    """Every sample paper by its displayed title; one record of a paper on two pages."""

    def beginning(self, start: str) -> SourceRecord:
        """Return the one paper whose displayed title begins like `start`."""
        (found,) = [record for title, record in self.items() if title.startswith(tex_to_unicode(start))]
        return found


def _read(page: Path) -> list[SourceRecord]:
    (found,) = importers.expand_paths([str(page)])
    assert not isinstance(found, Problem)
    entries = list(importers.read_entries(found, date=None, today=dt.date(2026, 1, 15)))
    assert all(isinstance(entry, ImportedEntry) for entry in entries), entries
    return [record for entry in entries if isinstance(entry, ImportedEntry) for record in entry.records]


@pytest.fixture(scope="session")
def sample_pages() -> dict[str, list[SourceRecord]]:
    """Return the records of every sample page by file name."""
    return {page.name: _read(page) for page in sorted(paths.sample_pages_folder().glob("*.txt"))}


@pytest.fixture(scope="session")
def sample_papers(sample_pages: dict[str, list[SourceRecord]]) -> SamplePapers:
    return SamplePapers(
        {tex_to_unicode(record.title): record for records in sample_pages.values() for record in records}
    )

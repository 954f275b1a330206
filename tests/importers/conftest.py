"""The sample pages as they are read: by file, and by title."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from paperreader import importers, paths
from paperreader.models import Entry, Problem, Record
from paperreader.text.tex_display import readable


class SamplePapers(dict[str, Record]):
    """Every sample paper by its readable title; of a paper on two pages, one record."""

    def beginning(self, start: str) -> Record:
        """The one paper whose title, readable, begins like `start`."""
        (found,) = [record for title, record in self.items() if title.startswith(readable(start))]
        return found


def _read(page: Path) -> list[Record]:
    (found,) = importers.expand([str(page)])
    assert not isinstance(found, Problem)
    entries = list(importers.read(found, date=None, today=dt.date(2026, 1, 15)))
    assert all(isinstance(entry, Entry) for entry in entries), entries
    return [record for entry in entries if isinstance(entry, Entry) for record in entry.records]


@pytest.fixture(scope="session")
def sample_pages() -> dict[str, list[Record]]:
    """The records of every sample page, by file name."""
    return {page.name: _read(page) for page in sorted(paths.sample_pages().glob("*.txt"))}


@pytest.fixture(scope="session")
def sample_papers(sample_pages: dict[str, list[Record]]) -> SamplePapers:
    return SamplePapers(
        {readable(record.title): record for records in sample_pages.values() for record in records}
    )

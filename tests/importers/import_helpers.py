"""Import bytes or files, and return records and problems."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from paperreader import importers
from paperreader.models import ImportedEntry, Problem, SourceRecord

TODAY = dt.date(2026, 1, 15)


def import_input(item: importers.Input, date: str | None = None) -> list[ImportedEntry | Problem]:
    return list(importers.read_entries(item, date=date, today=TODAY))


def split_problems(found: list[ImportedEntry | Problem]) -> tuple[list[SourceRecord], list[Problem]]:
    records = [record for one in found if isinstance(one, ImportedEntry) for record in one.records]
    return records, [one for one in found if isinstance(one, Problem)]


def import_text(
    data: bytes | str, name: str = "answer", *, date: str | None = None, observed: str = ""
) -> tuple[list[SourceRecord], list[Problem]]:
    """Return the records and problems of `data`, by default with a file name that contains no information."""
    content = data.encode() if isinstance(data, str) else data
    return split_problems(import_input(importers.Input(name, content, observed_at=observed), date))


def import_clean(data: bytes | str, name: str = "answer", *, date: str | None = None) -> list[SourceRecord]:
    """Return the records of `data`, without any problem."""
    records, problems = import_text(data, name, date=date)
    assert problems == []
    return records


def import_paths(*paths: Path) -> tuple[list[SourceRecord], list[Problem]]:
    """Return the records and problems of files and folders."""
    found: list[ImportedEntry | Problem] = []
    for item in importers.expand_paths([str(path) for path in paths]):
        found += [item] if isinstance(item, Problem) else import_input(item)
    return split_problems(found)

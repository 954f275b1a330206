"""Bytes in, records and problems out: what every test of a reader begins with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from paperreader import importers
from paperreader.models import Entry, Problem, Record

TODAY = dt.date(2026, 1, 15)


def entries_of(item: importers.Input, date: str | None = None) -> list[Entry | Problem]:
    return list(importers.read(item, date=date, today=TODAY))


def parted(found: list[Entry | Problem]) -> tuple[list[Record], list[Problem]]:
    records = [record for one in found if isinstance(one, Entry) for record in one.records]
    return records, [one for one in found if isinstance(one, Problem)]


def read(
    data: bytes | str, name: str = "answer", *, date: str | None = None, observed: str = ""
) -> tuple[list[Record], list[Problem]]:
    """The records and the problems in `data`, under a name that tells nothing unless one is given."""
    content = data.encode() if isinstance(data, str) else data
    return parted(entries_of(importers.Input(name, content, observed=observed), date))


def read_clean(data: bytes | str, name: str = "answer", *, date: str | None = None) -> list[Record]:
    """The records in `data`, which has no fault."""
    records, problems = read(data, name, date=date)
    assert problems == []
    return records


def read_paths(*paths: Path) -> tuple[list[Record], list[Problem]]:
    """The records and the problems of files and folders."""
    found: list[Entry | Problem] = []
    for item in importers.expand([str(path) for path in paths]):
        found += [item] if isinstance(item, Problem) else entries_of(item)
    return parted(found)

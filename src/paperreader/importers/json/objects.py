"""One JSON object, of whichever kind it is, to one entry: our own lines, rows of Kaggle, items of Hugging Face."""

from __future__ import annotations

from typing import Any

from paperreader.importers.arxiv import metadata_snapshot
from paperreader.importers.daily_papers import items
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import paperreader_lines
from paperreader.models import ImportedEntry
from paperreader.text.cell_width import truncate_cells
from paperreader.text.sanitize import single_line


def to_entry(data: Any, origin: SourceOrigin, place: int, seen: str | None = None) -> ImportedEntry:
    """The paper that an object tells of.

    Args:
        data: any value of a JSON file.
        origin: where it was read.
        place: its place there, from 0.
        seen: when votes were counted, where what stands around the object tells.

    Raises:
        ValueError: it tells of none.
    """
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    if "paperreader" not in data:
        if metadata_snapshot.is_metadata_row(data):
            return ImportedEntry((metadata_snapshot.to_record(data, origin, place),))
        if items.is_item(data):
            when = seen or origin.observed_at or origin.modified
            return ImportedEntry((items.to_record(data, origin, place, when),))
        if message := _error(data):
            raise ValueError(f"it is an error message: “{truncate_cells(single_line(message), 200)}”")
        if "$schema" in data:  # which has a title, too
            raise ValueError("it is a description of data (a JSON schema), not a paper")
    return paperreader_lines.to_entry(data, origin, place)


def _error(data: dict[str, Any]) -> str:
    """What a server that could not answer said instead."""
    if "title" in data:
        return ""
    told = [data[name] for name in ("error", "message") if isinstance(data.get(name), str)]
    return told[0] if told else ""

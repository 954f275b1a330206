"""Convert one JSON object of any known format: exported lines, rows of arXiv metadata, items of Hugging Face."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from paperreader.import_formats import OBJECT_FORMATS
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import paperreader_lines
from paperreader.models import ImportedEntry
from paperreader.text.cell_width import truncate_cells
from paperreader.text.sanitize import single_line

_Converter = Callable[[dict[str, Any], SourceOrigin, int, str], ImportedEntry]


def to_entry(
    data: Any, origin: SourceOrigin, index: int, votes_counted_at: str | None = None
) -> ImportedEntry:
    """Return the paper that an object describes.

    Args:
        data: any value of a JSON file.
        origin: where it was read.
        index: its index there, from 0.
        votes_counted_at: when votes were counted, if the objects around it determine that.

    Raises:
        ValueError: it does not describe a paper.
    """
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    for row in OBJECT_FORMATS:
        if row.matches(data):
            counted_at = votes_counted_at or origin.observed_at or origin.modified
            return _converter(row.reader_module)(data, origin, index, counted_at)
    if message := _error(data):
        raise ValueError(f"it is an error message: “{truncate_cells(single_line(message), 200)}”")
    if "$schema" in data:  # which also has a title
        raise ValueError("it is a JSON schema, not a paper")
    return paperreader_lines.to_entry(data, origin, index, "")


@lru_cache
def _converter(module: str) -> _Converter:
    converter: _Converter = import_module(f"paperreader.importers.{module}").to_entry
    return converter


def _error(data: dict[str, Any]) -> str:
    """Return the message of an object that a server sent instead of papers; empty if it is none."""
    if "title" in data:
        return ""
    return next((data[name] for name in ("error", "message") if isinstance(data.get(name), str)), "")

"""Convert the JSON objects of one file, each of any known format, and report what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import paperreader_lines
from paperreader.importers.json.generic_objects import KEYS_WITHOUT_REPORT
from paperreader.importers.json.other_files import describe_fields, describe_other_file, error_message
from paperreader.importers.json.other_objects import OtherObject
from paperreader.models import ImportedEntry
from paperreader.object_formats import object_format
from paperreader.text.cell_width import truncate_cells
from paperreader.text.field_names import name_key, unused_names
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.sanitize import single_line

_Converter = Callable[[dict[str, Any], SourceOrigin, int], ImportedEntry]


class ObjectReader:
    """Converts objects, and collects the names of fields that it does not use."""

    def __init__(self, origin: SourceOrigin) -> None:
        self._origin = origin
        self._names: dict[str, str] = {}
        self._others: Counter[str] = Counter()

    def to_entry(self, data: Any, index: int) -> ImportedEntry | None:
        """Return the paper that an object describes; None for one that belongs to its file, but is no paper.

        Args:
            data: any value of a JSON file.
            index: its index there, from 0.

        Raises:
            ValueError: it does not describe a paper.
        """
        if not isinstance(data, dict):
            raise ValueError("it is null" if data is None else "it is not an object")
        origin = self._origin
        if row := object_format(data):
            try:
                return _converter(row.reader_module)(data, origin, index)
            except OtherObject as error:
                self._others[str(error)] += 1
                return None
        if message := error_message(data):
            raise ValueError(f"it is an error message: “{truncate_cells(single_line(message), 200)}”")
        if kind := describe_other_file(data):
            raise ValueError(f"it is {kind}, not a paper")
        try:
            entry = paperreader_lines.to_entry(data, origin, index)
        except ValueError as error:
            raise ValueError(f"{error}; {describe_fields(data)}") from error
        for name, value in data.items():
            # A URL of arXiv is used under any name.
            if value not in (None, "", [], {}) and not (isinstance(value, str) and parse_arxiv_id(value)):
                self._names.setdefault(name_key(name), single_line(name))
        return entry

    def reports(self) -> list[str]:
        """Return what was left out: objects that are no papers, and fields that no format has."""
        others = [
            f"objects that are {what} were not imported: {count:,}" for what, count in self._others.items()
        ]
        return [*others, *filter(None, [unused_names(self._names, KEYS_WITHOUT_REPORT, "fields")])]


@lru_cache
def _converter(module: str) -> _Converter:
    converter: _Converter = import_module(f"paperreader.importers.{module}").to_entry
    return converter

"""Import a JSON document: an array of papers, one paper on several lines, or an object around a list of papers.

The Hugging Face endpoint `daily_papers` and its search return an array. Some archives wrap it in
`{"status", "date", "count", "data": […]}`, a saved page in `{"date", "dailyPapers": […]}`, and some archived days have
every item as the text of a Python literal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paperreader.importers.daily_papers import items as items_importer
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields, python_literals
from paperreader.importers.json.json_stream import JsonError, iter_values
from paperreader.importers.json.objects import to_entry
from paperreader.models import ImportedEntry, Problem

_LISTS = ("dailyPapers", "data")


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a document, as far as it is valid. An empty list is a day without papers.

    Raises:
        UnsupportedContent: it contains too many values.
    """
    found: list[tuple[int, Any]] = []
    damage: Problem | None = None
    try:
        found.extend(iter_values(text))
    except JsonError as error:
        damage = Problem(file, error.line, f"it is not valid JSON: {error}; what follows was not read")
    if len(found) == 1 and isinstance(found[0][1], dict) and (frame := _list_in(found[0][1])) is not None:
        origin = items_importer.with_wrapped_date(origin, fields.optional_text(found[0][1], "date"))
        found = [(0, item) for item in frame]
    yield from _entries(found, file, origin)
    if damage:
        yield damage


def _list_in(data: dict[str, Any]) -> list[Any] | None:
    return next((data[name] for name in _LISTS if isinstance(data.get(name), list)), None)


def _entries(
    found: list[tuple[int, Any]], file: str, origin: SourceOrigin
) -> Iterator[ImportedEntry | Problem]:
    items: list[Any] = []
    faults: dict[int, str] = {}
    for index, (_, value) in enumerate(found):
        try:
            items.append(python_literals.parse_literal(value) if isinstance(value, str) else value)
        except ValueError as error:
            items.append(None)
            faults[index] = f"it is a text and not an object ({error})"
    single = len(items) == 1 and isinstance(items[0], dict) and "paper" not in items[0]
    # The items of a page date its request; a single paper does not.
    counted_at = None if single else items_importer.observed_at(items, origin)
    for index, item in enumerate(items):
        line = found[index][0] or None
        try:
            if index in faults:
                raise ValueError(faults[index])
            yield to_entry(item, origin, index, counted_at)
        except (ValueError, RecursionError) as error:
            yield Problem(file, line, f"item {index + 1} cannot be used: {error}")

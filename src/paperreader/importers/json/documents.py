"""Import a JSON document: an array of papers, one paper on several lines, or an object around papers.

The Hugging Face endpoint `daily_papers` and its search return an array. Some archives wrap it in
`{"status", "date", "count", "data": […]}`, a saved page in `{"date", "dailyPapers": […]}`, and some archived days have
every item as the text of a Python literal. What other services and pandas put around papers is in `containers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from paperreader.importers.daily_papers import items
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields, python_literals
from paperreader.importers.json.containers import find_objects
from paperreader.importers.json.json_stream import JsonError, iter_values
from paperreader.importers.json.markdown_rows import read_rows
from paperreader.importers.json.objects import ObjectReader
from paperreader.importers.json.other_files import refusal
from paperreader.models import ImportedEntry, Problem


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a document, as far as it is valid. An empty list is a day without papers.

    Raises:
        UnsupportedContent: it contains too many values.
    """
    values: list[tuple[int, Any]] = []
    damage: Problem | None = None
    try:
        values.extend(iter_values(text))
    except JsonError as error:
        damage = Problem(file, error.line, f"it is not valid JSON: {error}; what follows was not read")
    if message := refusal([value for _, value in values]):
        yield Problem(file, None, f"is {message}")
        return
    if len(values) == 1 and (rows := read_rows(values[0][1], file, origin)):
        yield from rows
        return
    if len(values) == 1 and isinstance(values[0][1], dict):
        origin = items.with_wrapped_date(origin, fields.optional_text(values[0][1], "date"))
    yield from _entries(
        [(line, item) for line, value in values for item in find_objects(value)], file, origin
    )
    if damage:
        yield damage


def _entries(
    values: list[tuple[int, Any]], file: str, origin: SourceOrigin
) -> Iterator[ImportedEntry | Problem]:
    objects: list[Any] = []
    problems: dict[int, str] = {}
    for index, (_, value) in enumerate(values):
        try:
            objects.append(python_literals.parse_literal(value) if isinstance(value, str) else value)
        except ValueError as error:
            objects.append(None)
            problems[index] = f"it is a text and not an object ({error})"
    single = len(objects) == 1 and isinstance(objects[0], dict) and "paper" not in objects[0]
    # The objects of a page date its request; a single paper does not.
    reader = ObjectReader(origin if single else items.with_observation(origin, objects))
    for index, item in enumerate(objects):
        line = values[index][0] or None
        try:
            if index in problems:
                raise ValueError(problems[index])
            if entry := reader.to_entry(item, index):
                yield replace(entry, line=line)
        except (ValueError, RecursionError) as error:
            yield Problem(file, line, f"item {index + 1} cannot be used: {error}")
    yield from (Problem(file, None, message) for message in reader.reports())

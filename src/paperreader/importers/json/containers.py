"""Find the objects that may be papers in a JSON value: in lists, in result pages, and in every orientation of pandas.

https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_json.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from paperreader.object_formats import object_format
from paperreader.text.field_names import FIELD_NAMES, name_key
from paperreader.text.ids import parse_arxiv_id, parse_doi

MAX_DEPTH = 8
"""Objects around a paper."""

_PAPER_LISTS = frozenset(
    name_key(name)
    for name in (
        *("papers", "paper list", "recommended papers", "daily papers", "articles", "works", "publications"),
        *("items", "results", "data", "entries", "entry", "documents", "docs", "notes", "library"),
    )
)
"""Names of lists of papers in an object that has a title of its own."""

_DESCRIPTIONS = frozenset(
    ("meta", "metadata", "header", "config", "schema", "query", "params", "facets", "channel", "collection")
)
"""Names of objects that describe a list of papers, and may have a title."""


def find_objects(value: Any) -> list[Any]:
    """Return the objects in a value, in their order: itself if it is no object around others.

    What is in a list of papers and is no paper is returned as well, so that it can be reported. An empty list of
    results contains nothing.
    """
    return _expanded(value, MAX_DEPTH)


def find_in_member(name: str, value: Any) -> list[Any]:
    """Return the papers in one member of an object that is too long to be read at once."""
    # As in an object with other members.
    return _contained({name: value, "": None}, MAX_DEPTH - 1) or []


def is_paper_list(name: str) -> bool:
    """Whether a list with this name is one of papers, so that what is none has to be reported."""
    return name_key(name) in _PAPER_LISTS


def has_title(value: Any) -> bool:
    """Whether a value is an object of a known format, one with a title, or the text of one."""
    if isinstance(value, str):
        return value.lstrip().startswith("{'")  # a literal of Python, as in archives of Daily Papers
    return isinstance(value, dict) and (object_format(value) is not None or bool(_title_name(value)))


def _title_name(data: Mapping[str, Any]) -> str:
    """Return the name of the field with a title, which is a text or a list of one; empty if there is none."""
    for name, value in data.items():
        if name_key(name) in FIELD_NAMES["title"]:
            text = value[0] if isinstance(value, list) and len(value) == 1 else value
            if isinstance(text, str) and text.strip():
                return name
    return ""


def _expanded(value: Any, depth: int) -> list[Any]:
    if not isinstance(value, dict) or not depth or object_format(value):
        return [value]
    inner = _table_rows(value) or _contained(value, depth - 1)
    return [value] if inner is None else inner


def _contained(data: Mapping[str, Any], depth: int) -> list[Any] | None:
    """Return the papers in the lists and objects of an object that is no paper itself; None if it may be one."""
    titled = bool(_title_name(data))
    names = [
        name
        for name in data
        if name_key(name) in _PAPER_LISTS
        or not (titled or (len(data) > 1 and name_key(name) in _DESCRIPTIONS))
    ]
    lists = {name: data[name] for name in names if isinstance(data[name], list)}
    if found := [item for values in lists.values() for item in _papers_of(values, depth)]:
        return found
    if titled:
        return None
    for name in names:
        if isinstance(child := data[name], dict):
            found += _papers_of([_with_id(child, name)], depth)
    is_empty = any(not values and name_key(name) in _PAPER_LISTS for name, values in lists.items())
    return found if found or is_empty else None


def _papers_of(values: list[Any], depth: int) -> list[Any]:
    """Return the objects in a list; empty if no paper is among them."""
    items = [inner for value in values for inner in _expanded(value, depth)]
    return items if any(map(has_title, items)) else []


def _with_id(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object with the id under which it is stored, if that is one of a paper."""
    if "id" not in data and (parse_arxiv_id(name) or parse_doi(name)):
        return {"doi" if parse_doi(name) and "doi" not in data else "id": name, **data}
    return data


def _table_rows(data: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a table that is stored by columns; empty if it is none."""
    names, cells = data.get("columns"), data.get("data")
    if isinstance(names, list) and isinstance(cells, list) and all(isinstance(row, list) for row in cells):
        return [dict(zip(map(str, names), row, strict=False)) for row in cells]
    title = next((name for name in data if name_key(name) in FIELD_NAMES["title"]), "")
    column = data.get(title)
    if isinstance(column, dict):
        return list(_rows_by_index(data, column))
    if not isinstance(column, list) or not all(isinstance(value, str) for value in column):
        return []
    if not all(isinstance(values, list) and len(values) == len(column) for values in data.values()):
        return []
    return [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]


def _rows_by_index(data: Mapping[str, Any], titles: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not all(isinstance(value, dict) for value in data.values()):
        return
    for index, title in titles.items():
        if title is None or isinstance(title, str):
            row = {name: values[index] for name, values in data.items() if index in values}
            yield _with_id(row, index)

"""The format of `notebook.json`: an object with `version` and `papers`, sorted by id, one line per paper.

    {"version": 1,
     "papers": {
       "2403.01234": {"title": "…", "bookmark": [true, WHEN], "read": [true, WHEN], "note": ["text", WHEN]},
       …
    }}

WHEN is UTC milliseconds. Any layout of the same object can be read. It is always written with the layout above, so that
it can be compared and merged line by line, and so that an unchanged line is neither parsed nor encoded again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from paperreader.checked_values import (
    DroppedValues,
    checked,
    format_version,
    is_number,
    load_json,
    parse_integer,
)
from paperreader.json_codec import to_json_line
from paperreader.mark_codec import common_mark_from_json, mark_from_json, mark_to_json
from paperreader.models import Mark
from paperreader.notebook.mark_merge import merge_all
from paperreader.system.pacing import with_pauses

VERSION = 1

_SPLIT_BYTES = 1 << 20
_LINE_COST = 2
"""`with_pauses` of parsing a line while the reader is open."""

_PAPERS_LINE = b' "papers": {'
_LAST_LINE = b"}}"


class NotebookDamaged(ValueError):
    """The data is not a notebook."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NotebookContents(Struct, frozen=True):
    """A parsed notebook."""

    version: int = VERSION
    marks: Mapping[str, Mark] = field(default_factory=dict)
    lines: Mapping[str, bytes] = field(default_factory=dict)
    """Lines by id (without comma and line end), as far as they equal what `mark_line` would return."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys that this version does not know."""
    dropped: str = ""
    """A sentence about values out of range, which were ignored. The next write stores the marks without them."""


def parse_notebook(data: bytes, previous: NotebookContents | None = None) -> NotebookContents:
    """Parse a notebook. Lines that are the same in `previous` are not parsed again.

    Of a newer `version`, the marks that can be understood are returned.

    Raises:
        NotebookDamaged: it is not JSON, or JSON of another structure.
    """
    try:
        return _parse_by_line(data, previous) or _parse_any_layout(data)
    except json.JSONDecodeError as error:
        raise NotebookDamaged(error.msg, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, NotebookDamaged) else NotebookDamaged(str(error)) from error


def render_notebook(contents: NotebookContents) -> bytes:
    """Return the content of the file. Every mark needs its line (see `with_changed_marks`)."""
    head = [b'{"version": %d,' % contents.version]
    head += [
        f" {to_json_line(key)}: {to_json_line(value, with_spaces=True)},".encode()
        for key, value in contents.extra.items()
    ]
    if not contents.marks:
        return b"\n".join([*head, _PAPERS_LINE, _LAST_LINE, b""])
    lines = [contents.lines[id] for id in sorted(contents.marks)]
    lines[0] = b"\n".join([*head, _PAPERS_LINE, lines[0]])
    lines[-1] = b"\n".join([lines[-1], _LAST_LINE, b""])
    return b",\n".join(lines)


def with_changed_marks(contents: NotebookContents, changed: Mapping[str, Mark]) -> NotebookContents:
    """Return `contents` with some marks added or replaced, and a line for every mark."""
    marks = {**contents.marks, **changed}
    lines = dict(contents.lines)
    for id, mark in with_pauses(changed.items()):
        lines[id] = mark_line(id, mark)
    if len(lines) < len(marks):
        lines |= {id: mark_line(id, mark) for id, mark in marks.items() if id not in lines}
    return NotebookContents(contents.version, marks, lines, contents.extra)


def mark_line(id: str, mark: Mark) -> bytes:
    """Return the line of a paper, without comma and line end."""
    return f"   {to_json_line(id)}: {to_json_line(mark_to_json(mark), with_spaces=True)}".encode()


def _parse_by_line(data: bytes, previous: NotebookContents | None) -> NotebookContents | None:
    """Parse the layout that `render_notebook` writes. Return None if it is another one, or damaged."""
    before, after = b"\n" + _PAPERS_LINE + b"\n", b"\n" + _LAST_LINE + b"\n"
    head_end, end = data.find(before), len(data) - len(after)
    start = head_end + len(before)
    if head_end < 0 or start >= end or not data.endswith(after):
        return None
    dropped = DroppedValues()
    try:
        header = _load_object(data[:head_end] + b'\n "papers": {}}')
        if _parse_version(header, dropped) != VERSION:
            return None
        parsed = _parse_lines(list(_split_lines(data, start, end)), previous or NotebookContents(), dropped)
    except ValueError:
        return None
    return NotebookContents(VERSION, *parsed, _unknown_keys(header), dropped.message("notebook.json"))


def _split_lines(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """Yield the lines of the papers in a part of `data`, in steps: splitting 25 MB at once takes as long as a key."""
    while (cut := data.find(b",\n", min(start + _SPLIT_BYTES, end), end)) >= 0:
        yield from data[start:cut].split(b",\n")
        start = cut + 2
    yield from data[start:end].split(b",\n")


def _parse_lines(
    file_lines: list[bytes], previous: NotebookContents, dropped: DroppedValues
) -> tuple[dict[str, Mark], dict[str, bytes]]:
    known_ids = {line: id for id, line in previous.lines.items()}
    changed = [line for line in file_lines if line not in known_ids]
    if not all(line.startswith(b'   "') and line.endswith(b"}") for line in changed):
        raise NotebookDamaged("it has another layout")
    # At the start nothing waits for the interpreter.
    parsed = [
        _parse_line(line, dropped) for line in with_pauses(changed, _LINE_COST if previous.marks else 0)
    ]
    new = iter(parsed)
    marks: dict[str, Mark] = {}
    lines: dict[str, bytes] = {}
    repeated: dict[str, list[Mark]] = {}
    for line in file_lines:
        id = known_ids.get(line)
        if id is not None:
            mark = previous.marks[id]
        else:
            id, mark, line = next(new)
        if id in marks:  # the lines of two notebooks, joined by hand
            repeated.setdefault(id, [marks[id]]).append(mark)
        marks[id] = mark
        lines[id] = line
    for id, several in repeated.items():
        marks[id] = merge_all(several)
        lines[id] = mark_line(id, marks[id])
    return marks, lines


def _parse_line(line: bytes, dropped: DroppedValues) -> tuple[str, Mark, bytes]:
    """Return the id and the mark of a line, and the line as it is written.

    Raises:
        ValueError: it is damaged, or has another layout.
    """
    data = b"{%b}" % line
    if common := common_mark_from_json(data):
        return *common, line
    ((id, value),) = _load_object(data).items()
    mark, is_complete = _parse_mark(id, value, dropped)
    return id, mark, line if is_complete else mark_line(id, mark)


def _parse_any_layout(data: bytes) -> NotebookContents:
    """Parse any layout. Marks with the same id (lines of two notebooks, joined by hand) are merged."""
    notebook = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_JsonPairs, parse_int=parse_integer)
    if not isinstance(notebook, _JsonPairs):
        raise NotebookDamaged("it is not an object")
    dropped = DroppedValues()
    version = _parse_version(notebook.to_dict(), dropped)
    papers = dict(notebook.items).get("papers")
    if not isinstance(papers, _JsonPairs):
        raise NotebookDamaged("it has no papers")
    found: dict[str, list[Mark]] = {}
    for id, value in papers.items:
        try:
            mark, _ = _parse_mark(id, _to_plain(value), dropped)
        except ValueError as error:
            if version > VERSION:
                continue
            raise NotebookDamaged(f"{id}: {error}") from error
        found.setdefault(id, []).append(mark)
    marks = {id: merge_all(several) for id, several in found.items()}
    unknown = _unknown_keys(notebook.to_dict())
    return NotebookContents(version, marks, {}, unknown, dropped.message("notebook.json"))


def _parse_mark(id: str, value: Any, dropped: DroppedValues) -> tuple[Mark, bool]:
    """Return a mark, and whether all its values are in range; the others are added to `dropped`."""
    values = DroppedValues()
    mark = mark_from_json(value, values)
    dropped.extend(id, values)
    return mark, not values


class _JsonPairs:
    """A JSON object with all its keys, including duplicates."""

    def __init__(self, items: Iterable[tuple[str, Any]]) -> None:
        self.items = list(items)

    def to_dict(self) -> dict[str, Any]:
        return {key: _to_plain(value) for key, value in self.items}


def _to_plain(value: Any) -> Any:
    if isinstance(value, _JsonPairs):
        return value.to_dict()
    return [_to_plain(item) for item in value] if isinstance(value, list) else value


def _load_object(data: bytes) -> dict[str, Any]:
    value = load_json(data.decode("utf-8"))
    if not isinstance(value, dict):
        raise NotebookDamaged("it is not an object")
    return value


def _parse_version(notebook: Mapping[str, Any], dropped: DroppedValues) -> int:
    version = notebook.get("version")
    if not is_number(version):
        raise NotebookDamaged("it has no version")
    # No program ever wrote a number out of range, so the content is what this version writes, as far as it is valid.
    return checked("version", version, format_version, dropped) or VERSION


def _unknown_keys(notebook: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in notebook.items() if key not in ("version", "papers")}

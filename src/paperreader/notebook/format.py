"""The form of `notebook.json`: an object with `version` and `papers`, sorted by id, one line a paper.

    {"version": 1,
     "papers": {
       "2403.01234": {"title": "…", "bookmark": [true, WHEN], "read": [true, WHEN], "note": ["text", WHEN]},
       …
    }}

WHEN is UTC milliseconds. Any layout of the same object is read; what is written has the layout above, so that it diffs
and merges line by line, and so that a line which did not change is neither parsed nor written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from paperreader.json_codec import mark_from_json, mark_to_json, to_json_line
from paperreader.models import Mark
from paperreader.notebook.mark_merge import merge_marks

VERSION = 1

_PAPERS_LINE = b' "papers": {'
_LAST_LINE = b"}}"
# A quote behind a backslash begins nothing; without that, a file full of them would be searched to its end from each.
_OBJECT_START = re.compile(r'(?<!\\)("(?:[^"\\\n]|\\.)*")\s*:\s*(?=\{)')


class NotebookDamaged(ValueError):
    """What was read is no notebook."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NotebookContents(Struct, frozen=True):
    """A notebook as read: the marks, the line each was read from, and the keys that this version does not know."""

    version: int = VERSION
    marks: Mapping[str, Mark] = field(default_factory=dict)
    lines: Mapping[str, bytes] = field(default_factory=dict)
    """Line by id (without comma and line end), for those that are as `line` would write them."""
    extra: Mapping[str, Any] = field(default_factory=dict)


def parse_notebook(data: bytes, previous: NotebookContents | None = None) -> NotebookContents:
    """Read a notebook. Lines that are the same in `known` are not parsed again.

    A newer `version` gives whatever marks can be understood.

    Raises:
        Damaged: it is not JSON, or JSON of another shape.
    """
    try:
        return _parse_by_line(data, previous) or _parse_any_layout(data)
    except json.JSONDecodeError as error:
        raise NotebookDamaged(error.msg, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, NotebookDamaged) else NotebookDamaged(str(error)) from error


def render_notebook(contents: NotebookContents) -> bytes:
    """The notebook as it is written. Every mark needs its line (see `with_marks`)."""
    head = [b'{"version": %d,' % contents.version]
    head += [
        f" {to_json_line(key)}: {to_json_line(value, with_spaces=True)},".encode()
        for key, value in contents.extra.items()
    ]
    if not contents.marks:
        return b"\n".join([*head, _PAPERS_LINE, _LAST_LINE, b""])
    lines = contents.lines
    papers = b",\n".join([lines[name] for name in sorted(contents.marks)])
    return b"\n".join([*head, _PAPERS_LINE, papers, _LAST_LINE, b""])


def with_changed_marks(contents: NotebookContents, changed: Mapping[str, Mark]) -> NotebookContents:
    """`contents` with some marks put in place of what was there, and a line for every mark."""
    marks = {**contents.marks, **changed}
    lines = dict(contents.lines)
    for name, mark in changed.items():
        lines[name] = mark_line(name, mark)
    if len(lines) < len(marks):
        lines |= {name: mark_line(name, mark) for name, mark in marks.items() if name not in lines}
    return NotebookContents(contents.version, marks, lines, contents.extra)


def mark_line(name: str, mark: Mark) -> bytes:
    """A paper's line without its comma."""
    return f"   {to_json_line(name)}: {to_json_line(mark_to_json(mark), with_spaces=True)}".encode()


def recover_marks(data: bytes) -> dict[str, Mark]:
    """Every mark of a damaged notebook that can still be read: each `"id": {"title": …}` that is whole."""
    text = data.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder()
    found: dict[str, Mark] = {}
    position = 0
    while match := _OBJECT_START.search(text, position):
        position = match.end()
        try:
            name = json.loads(match[1])
            value, end = decoder.raw_decode(text, position)
            text[match.start() : end].encode()
            # Every line the program writes has a title. Without one it is `papers`, `tags` and the like.
            mark = mark_from_json(value) if isinstance(value.get("title"), str) else None
        except (ValueError, RecursionError):
            continue  # torn, or the object around the papers: what stands inside is looked at next
        if mark is not None:
            found[name] = merge_marks(found[name], mark) if name in found else mark
            position = end
    return found


def _parse_by_line(data: bytes, previous: NotebookContents | None) -> NotebookContents | None:
    """Read the layout that `render` writes; None when it is another one, or damaged."""
    head, found, rest = data.partition(b"\n" + _PAPERS_LINE + b"\n")
    if not found or not rest.endswith(b"\n" + _LAST_LINE + b"\n"):
        return None
    try:
        header = _load_object(head + b'\n "papers": {}}')
        if _parse_version(header) != VERSION:
            return None
        read = _parse_lines(rest[: -len(_LAST_LINE) - 2].split(b",\n"), previous or NotebookContents())
    except ValueError:
        return None
    return NotebookContents(VERSION, *read, _unknown_keys(header))


def _parse_lines(rows: list[bytes], previous: NotebookContents) -> tuple[dict[str, Mark], dict[str, bytes]]:
    names = {row: name for name, row in previous.lines.items()}
    fresh = [row for row in rows if row not in names]
    if not all(row.startswith(b'   "') and row.endswith(b"}") for row in fresh):
        raise NotebookDamaged("it is laid out in another way")
    # One call of the JSON reader for all lines takes a quarter of the time of one each.
    read = json.loads((b"[{" + b"},{".join(fresh) + b"}]").decode()) if fresh else []
    if len(read) != len(fresh) or any(len(item) != 1 for item in read):
        raise NotebookDamaged("it is laid out in another way")
    marks: dict[str, Mark] = {}
    lines: dict[str, bytes] = {}
    items = iter(read)
    for row in rows:
        name = names.get(row)
        if name is not None:
            mark = previous.marks[name]
        else:
            ((name, value),) = next(items).items()
            mark = mark_from_json(value)
        if name in marks:  # the lines of two notebooks, put together by hand
            mark = merge_marks(marks[name], mark)
            row = mark_line(name, mark)
        marks[name] = mark
        lines[name] = row
    return marks, lines


def _parse_any_layout(data: bytes) -> NotebookContents:
    """Read any layout. An id that stands there twice (lines of two notebooks, put together by hand) is merged."""
    notebook = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_JsonPairs)
    if not isinstance(notebook, _JsonPairs):
        raise NotebookDamaged("it is not an object")
    version = _parse_version(notebook.to_dict())
    papers = dict(notebook.items).get("papers")
    if not isinstance(papers, _JsonPairs):
        raise NotebookDamaged("it has no papers")
    marks: dict[str, Mark] = {}
    for name, value in papers.items:
        try:
            mark = mark_from_json(_to_plain(value))
        except ValueError as error:
            if version > VERSION:
                continue
            raise NotebookDamaged(f"{name}: {error}") from error
        marks[name] = merge_marks(marks[name], mark) if name in marks else mark
    return NotebookContents(version, marks, {}, _unknown_keys(notebook.to_dict()))


class _JsonPairs:
    """An object of JSON with every key it had, also those that stand there twice."""

    def __init__(self, items: Iterable[tuple[str, Any]]) -> None:
        self.items = list(items)

    def to_dict(self) -> dict[str, Any]:
        return {key: _to_plain(value) for key, value in self.items}


def _to_plain(value: Any) -> Any:
    if isinstance(value, _JsonPairs):
        return value.to_dict()
    return [_to_plain(item) for item in value] if isinstance(value, list) else value


def _load_object(data: bytes) -> dict[str, Any]:
    value = json.loads(data.decode("utf-8"))
    if not isinstance(value, dict):
        raise NotebookDamaged("it is not an object")
    return value


def _parse_version(notebook: Mapping[str, Any]) -> int:
    version = notebook.get("version")
    if type(version) is not int or version < 1:
        raise NotebookDamaged("it has no version")
    return version


def _unknown_keys(notebook: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in notebook.items() if key not in ("version", "papers")}

"""Lines of `papers.jsonl` that make imports and removals undoable.

    {"removed":ID,"at":MILLISECONDS,"paper":{…}}           a removed paper, or those of its records that were removed
    {"restored":MILLISECONDS}                              that removal was undone
    {"imported":MILLISECONDS,"sources":[…],"was":[{…}]}    closes each chunk of an import: what it added and changed
    {"imported":MILLISECONDS,"sources":[],"marks":{…}}     what it added to the marks of papers, by their id
    {"unimported":MILLISECONDS,"when":…,"sources":[…]}     that import was undone, which removed those records

The time of an operation (UTC milliseconds) is its id, which all its lines share. Where only some of a paper's records
were removed, the paper's own line follows. `sources` are the keys of the records that an import added,
`[file, first, last]` where their positions in a file are consecutive. `was` are the papers that it changed, as they
were before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from paperreader.catalog.journal.chunk_reader import read_chunks
from paperreader.catalog.journal.format import parse_line, read_header
from paperreader.catalog.journal.paper_line import paper_from_object, paper_to_object
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records
from paperreader.checked_values import timestamp
from paperreader.json_codec import JsonObject, to_json_line
from paperreader.models import SourceRecord

OperationId = int
"""When an import or a removal was made (UTC milliseconds), unique within a process."""

_KEY_PATTERN = re.compile(rb'"key":"((?:[^"\\]|\\.)*)"')
_IMPORT_ID_PATTERN = re.compile(rb'\{"imported":([0-9]{1,20})[,}]')
_INDEX_PATTERN = re.compile(r"(?:0|[1-9][0-9]{0,8})", re.ASCII)
_MAX_KEYS_IN_RUNS = 10**6
"""Keys that the runs of one line may represent; a large import has a tenth of them."""


# Removals


def removal_line(before: MergedPaper, removed: Iterable[SourceRecord], operation_id: OperationId) -> bytes:
    """Return the line that records the removal of some or all records of a paper."""
    keys = {record.source.key for record in removed}
    removed_part = merge_records(
        before.paper.arxiv,
        [one for one in before.keyed_records if one.record.source.key in keys],
        {before.paper.id, *before.paper.aliases},
    )
    return to_json_line(
        {"removed": before.paper.id, "at": operation_id, "paper": paper_to_object(removed_part)}
    ).encode()


def undone_removal_line(operation_id: OperationId) -> bytes:
    """Return the line that records that a removal was undone."""
    return to_json_line({"restored": operation_id}).encode()


def removed_records(line: bytes) -> tuple[tuple[SourceRecord, ...], tuple[str, ...]]:
    """Return the records in a removal line, and the id and aliases of the paper.

    Raises:
        ValueError: the line holds no records.
    """
    paper = parse_line(line).get("paper")
    if not isinstance(paper, dict):
        raise ValueError("the removal holds no paper")
    merged = paper_from_object(paper)
    return merged.records, (merged.paper.id, *merged.paper.aliases)


def removal_operation_id(line: bytes) -> OperationId:
    """Return the id of the removal that a line belongs to.

    Raises:
        ValueError: the line has none.
    """
    operation_id = timestamp(parse_line(line).get("at"))
    if operation_id is None:
        raise ValueError("the removal has no time")
    return operation_id


# Imports


class ImportChunk(Struct, frozen=True):
    """What one chunk of an import added and changed."""

    source_keys: frozenset[str]
    """Source keys of the records that it added."""
    previous_papers: Sequence[MergedPaper]
    """The papers that it changed, as they were before."""


def import_line(
    operation_id: OperationId, keys: Iterable[str], previous_papers: Iterable[MergedPaper]
) -> bytes:
    """Return the line that records what a chunk of an import added and changed."""
    data: dict[str, Any] = {"imported": operation_id, "sources": list(pack_keys(keys))}
    if papers := [paper_to_object(merged) for merged in previous_papers]:
        data["was"] = papers
    return to_json_line(data).encode()


def imported_marks_line(operation_id: OperationId, marks: JsonObject) -> bytes:
    """Return the line that records what an import added to the marks of some papers."""
    return to_json_line({"imported": operation_id, "sources": [], "marks": marks}).encode()


def parse_imported_marks(line: bytes) -> JsonObject:
    """Return the additions to marks in an import line, by paper id; empty if it has none, or is damaged."""
    try:
        marks = parse_line(line).get("marks")
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}


def undone_import_line(operation_id: OperationId, when: int, keys: Iterable[str]) -> bytes:
    """Return the line that records that an import was undone (UTC milliseconds), and which records that removed."""
    data = {"unimported": operation_id, "when": when, "sources": list(pack_keys(keys))}
    return to_json_line(data).encode()


def import_operation_id(line: bytes) -> OperationId:
    """Return the id of the import that a line belongs to, without parsing the rest of the line.

    Raises:
        ValueError: the line has none.
    """
    found = _IMPORT_ID_PATTERN.match(line)
    if found is None or (operation_id := timestamp(int(found[1]))) is None:
        raise ValueError("the import has no time")
    return operation_id


def parse_import_chunk(line: bytes) -> ImportChunk:
    """Parse the import line of a chunk.

    Raises:
        ValueError: the line is damaged.
    """
    data = parse_line(line)
    sources, previous = data.get("sources"), data.get("was", [])
    if not isinstance(sources, list) or not isinstance(previous, list):
        raise ValueError("the import does not list what it added")
    if not all(isinstance(paper, dict) for paper in previous):
        raise ValueError("the import lists changes that are no papers")
    return ImportChunk(frozenset(unpack_keys(sources)), tuple(map(paper_from_object, previous)))


def source_keys(line: bytes) -> Iterator[str]:
    """Return the source keys on a paper's line, without parsing the rest of the line."""
    for key in _KEY_PATTERN.findall(line):
        yield parse_line(b'{"key":"%s"}' % key)["key"] if b"\\" in key else key.decode()


def pack_keys(keys: Iterable[str]) -> Iterator[str | list[str | int]]:
    """Encode source keys; consecutive positions in a file become `[file, first, last]`."""
    run: list[Any] = []
    for key in keys:
        file, colon, index = key.rpartition(":")
        if not colon or not _INDEX_PATTERN.fullmatch(index):
            yield key
        elif run and run[0] == file and run[2] + 1 == int(index):
            run[2] += 1
        else:
            if run:
                yield run
            run = [file, int(index), int(index)]
    if run:
        yield run


def unpack_keys(sources: Sequence[Any]) -> Iterator[str]:
    """Decode source keys.

    Raises:
        ValueError: one of them is invalid, or there are too many.
    """
    left = _MAX_KEYS_IN_RUNS
    for source in sources:
        match source:
            case str():
                yield source
            case [str() as file, int() as first, int() as last] if 0 <= first <= last < first + left:
                left -= last - first + 1
                yield from (f"{file}:{index}" for index in range(first, last + 1))
            case _:
                raise ValueError("a source of the import is neither a key nor a run of positions")


# The last operation that can be undone


class _OperationKind(NamedTuple):
    """A kind of operation, identified by the prefixes of its lines."""

    prefix: bytes
    undo_prefix: bytes
    undo_field: str
    """The field of the undo line that holds the id of the operation."""
    operation_id: Callable[[bytes], OperationId]


_REMOVAL = _OperationKind(b'{"removed":', b'{"restored":', "restored", removal_operation_id)
_IMPORT = _OperationKind(b'{"imported":', b'{"unimported":', "unimported", import_operation_id)


def last_removal(descriptor: int) -> list[bytes]:
    """Return the lines of the last removal that was not undone, or an empty list."""
    return _last_operations(descriptor, _REMOVAL)[0]


def last_import(descriptor: int) -> list[bytes]:
    """Return the lines of the last import that was not undone, one for each chunk, or an empty list."""
    return _last_operations(descriptor, _IMPORT)[0]


def undo_lines_to_keep(descriptor: int) -> list[bytes]:
    """Return the lines that compaction has to keep, because they are needed for an undo."""
    imported, removed = _last_operations(descriptor, _IMPORT, _REMOVAL)
    return [*imported, *removed]


def _last_operations(descriptor: int, *kinds: _OperationKind) -> list[list[bytes]]:
    header = read_header(descriptor)
    operations: list[dict[OperationId, list[tuple[int, int]]]] = [{} for _ in kinds]
    for chunk in read_chunks(descriptor, header.length, 2) if header else ():
        for line in chunk.lines:
            for kind, pending in zip(kinds, operations, strict=True):
                try:
                    if line.data.startswith(kind.prefix):
                        operation_id = kind.operation_id(line.data)
                        # The operation of the last line moves to the end, regardless of its time.
                        line_ranges = [*pending.pop(operation_id, []), (len(line.data), line.offset)]
                        pending[operation_id] = line_ranges
                    elif line.data.startswith(kind.undo_prefix):
                        pending.pop(parse_line(line.data)[kind.undo_field], None)
                except (ValueError, TypeError, KeyError):
                    continue  # a line that nothing can be undone with
    return [
        [read_at(descriptor, *line_range) for line_range in pending.popitem()[1]] if pending else []
        for pending in operations
    ]

"""Imports that can be undone: what an import's line carries.

    {"imported":MILLISECONDS,"sources":[…],"was":[{…}]}   closes each chunk of an import: what it brought and changed
    {"unimported":MILLISECONDS}                            the import of that moment was undone

`sources` are the keys of the records that came in, `[file, first, last]` where the places in a file follow each other.
`was` are the papers that were there before and were changed, as they were. Lines of one import share the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from paperreader.catalog.journal.format import parse_line
from paperreader.catalog.journal.paper_line import paper_from_object, paper_to_object
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.json_codec import to_json_line

_KEY_PATTERN = re.compile(rb'"key":"((?:[^"\\]|\\.)*)"')
_OPERATION_ID_PATTERN = re.compile(rb'\{"imported":([0-9]{1,20})[,}]')
_INDEX_PATTERN = re.compile(r"(?:0|[1-9][0-9]{0,8})", re.ASCII)

OperationId = int


class ImportChunk(Struct, frozen=True):
    """What one chunk of an import brought."""

    source_keys: frozenset[str]
    """Source keys of the records that came in."""
    previous_papers: Sequence[MergedPaper]
    """The papers it changed, as they were before."""


def import_line(
    operation_id: OperationId, keys: Iterable[str], previous_papers: Iterable[MergedPaper]
) -> bytes:
    """The line that tells what a chunk brought."""
    told: dict[str, Any] = {"imported": operation_id, "sources": list(_pack_keys(keys))}
    if papers := [paper_to_object(holding) for holding in previous_papers]:
        told["was"] = papers
    return to_json_line(told).encode()


def undone_import_line(operation_id: OperationId) -> bytes:
    """The line that tells that an import was undone."""
    return to_json_line({"unimported": operation_id}).encode()


def import_operation_id(line: bytes) -> OperationId:
    """When the import on that line took place, without reading the rest of it.

    Raises:
        ValueError: the line does not say.
    """
    told = _OPERATION_ID_PATTERN.match(line)
    if told is None:
        raise ValueError("the import has no moment")
    return int(told[1])


def parse_import_chunk(line: bytes) -> ImportChunk:
    """What the import line of a chunk says.

    Raises:
        ValueError: it is damaged.
    """
    data = parse_line(line)
    sources, was = data.get("sources"), data.get("was", [])
    if not isinstance(sources, list) or not isinstance(was, list):
        raise ValueError("the import does not say what it brought")
    if not all(isinstance(paper, dict) for paper in was):
        raise ValueError("what the import changed are no papers")
    return ImportChunk(frozenset(_unpack_keys(sources)), tuple(map(paper_from_object, was)))


def source_keys(line: bytes) -> Iterator[str]:
    """The source keys that stand on a paper's line, without reading the rest of it."""
    for key in _KEY_PATTERN.findall(line):
        yield parse_line(b'{"key":"%s"}' % key)["key"] if b"\\" in key else key.decode()


def _pack_keys(keys: Iterable[str]) -> Iterator[str | list[str | int]]:
    run: list[Any] = []
    for key in keys:
        file, colon, place = key.rpartition(":")
        if not colon or not _INDEX_PATTERN.fullmatch(place):
            yield key
        elif run and run[0] == file and run[2] + 1 == int(place):
            run[2] += 1
        else:
            if run:
                yield run
            run = [file, int(place), int(place)]
    if run:
        yield run


def _unpack_keys(sources: Sequence[Any]) -> Iterator[str]:
    for source in sources:
        match source:
            case str():
                yield source
            case [str() as file, int() as first, int() as last] if 0 <= first <= last < first + 10**6:
                yield from (f"{file}:{place}" for place in range(first, last + 1))
            case _:
                raise ValueError("a source of the import is neither a key nor a run of places")

"""A paper and its records as one line of `papers.jsonl`.

The line is the merged paper. What its sources said apart from it stands under `records`, one object for each
distinct saying: only the fields that differ from the merged paper (null where the paper has one and the record none),
and which of the paper's `sources` said it.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from paperreader.catalog.journal.format import load
from paperreader.catalog.merge.paper_merge import Holding, held
from paperreader.json_codec import (
    JsonObject,
    dumps,
    paper_from_json,
    paper_to_json,
    record_from_json,
    record_to_json,
)
from paperreader.models import Paper, Record, Source

_ONLY_PAPER = frozenset({"id", "aliases", "listed", "sources", "records"})
_NO_SOURCE = Source("-", "", None, "-")


def encode(holding: Holding) -> bytes:
    """The line of a paper, without the line end."""
    return dumps(to_json(holding)).encode()


def to_json(holding: Holding) -> JsonObject:
    """The object that stands on the line of a paper."""
    data = paper_to_json(holding.paper)
    if len(holding.known) == 1 and holding.known[0].record.arxiv == holding.paper.arxiv:
        # The paper is what its one record says, but that a paper has no `observed`.
        if holding.known[0].record.observed:
            data["observed"] = holding.known[0].record.observed
        return data
    variants: dict[Record, list[int]] = {}
    for place, record in enumerate(holding.records):
        variants.setdefault(replace(record, source=_NO_SOURCE), []).append(place)
    common = {name: value for name, value in data.items() if name not in _ONLY_PAPER}
    differences = [(_difference(variant, common), places) for variant, places in variants.items()]
    if len(differences) == 1 and differences[0][0].keys() <= {"observed"}:
        data.update(differences[0][0])
    else:
        data["records"] = [{**difference, "sources": places} for difference, places in differences]
    return data


def decode(line: bytes) -> Holding:
    """The inverse of `encode`.

    Raises:
        ValueError: the line is damaged.
    """
    return from_json(load(line))


def from_json(data: JsonObject) -> Holding:
    """The inverse of `to_json`.

    Raises:
        ValueError: a field is missing or of another type.
    """
    paper = paper_from_json(data)
    return held(paper, _records(data, paper))


def _records(data: JsonObject, paper: Paper) -> list[Record]:
    common = {name: value for name, value in data.items() if name not in _ONLY_PAPER}
    variants = data.get("records", [{"sources": list(range(len(paper.sources)))}])
    if not isinstance(variants, list):
        raise ValueError("records is not a list")
    records: dict[int, Record] = {}
    for variant in variants:
        if not isinstance(variant, dict):
            raise ValueError("a record is not an object")
        said = {name: value for name, value in (common | variant).items() if value is not None}
        record = record_from_json(said | {"source": {"kind": "-", "key": "-"}})
        for place in _places(variant):
            records[place] = record
    if not paper.sources or sorted(records) != list(range(len(paper.sources))):
        raise ValueError("records and sources do not fit each other")
    return [replace(records[place], source=source) for place, source in enumerate(paper.sources)]


def _places(variant: JsonObject) -> list[int]:
    places: Any = variant.get("sources")
    if not isinstance(places, list) or not all(type(place) is int for place in places):
        raise ValueError("sources of a record is not a list of places")
    return places


def _difference(record: Record, common: JsonObject) -> JsonObject:
    said = record_to_json(record)
    del said["source"]
    difference = {name: value for name, value in said.items() if common.get(name) != value}
    difference.update({name: None for name in common if name not in said})
    return difference

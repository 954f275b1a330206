"""A paper and its records as one line of `papers.jsonl`.

The line is the merged paper. What its sources said apart from it stands under `records`, one object for each
distinct saying: only the fields that differ from the merged paper (null where the paper has one and the record none),
and which of the paper's `sources` said it.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from paperreader.catalog.journal.format import parse_line
from paperreader.catalog.merge.paper_merge import MergedPaper, merged_from_stored
from paperreader.json_codec import (
    JsonObject,
    paper_from_json,
    paper_to_json,
    record_from_json,
    record_to_json,
    to_json_line,
)
from paperreader.models import Paper, Source, SourceRecord

_PAPER_ONLY_FIELDS = frozenset({"id", "aliases", "listed", "sources", "records"})
_PLACEHOLDER_SOURCE = Source("-", "", None, "-")


def encode_paper(merged: MergedPaper) -> bytes:
    """The line of a paper, without the line end."""
    return to_json_line(paper_to_object(merged)).encode()


def paper_to_object(merged: MergedPaper) -> JsonObject:
    """The object that stands on the line of a paper."""
    data = paper_to_json(merged.paper)
    if len(merged.keyed_records) == 1 and merged.keyed_records[0].record.arxiv == merged.paper.arxiv:
        # The paper is what its one record says, but that a paper has no `observed`.
        if merged.keyed_records[0].record.observed:
            data["observed"] = merged.keyed_records[0].record.observed
        return data
    variants: dict[SourceRecord, list[int]] = {}
    for place, record in enumerate(merged.records):
        variants.setdefault(replace(record, source=_PLACEHOLDER_SOURCE), []).append(place)
    common = {name: value for name, value in data.items() if name not in _PAPER_ONLY_FIELDS}
    differences = [(_difference(variant, common), places) for variant, places in variants.items()]
    if len(differences) == 1 and differences[0][0].keys() <= {"observed"}:
        data.update(differences[0][0])
    else:
        data["records"] = [{**difference, "sources": places} for difference, places in differences]
    return data


def decode_paper(line: bytes) -> MergedPaper:
    """The inverse of `encode`.

    Raises:
        ValueError: the line is damaged.
    """
    return paper_from_object(parse_line(line))


def paper_from_object(data: JsonObject) -> MergedPaper:
    """The inverse of `to_json`.

    Raises:
        ValueError: a field is missing or of another type.
    """
    paper = paper_from_json(data)
    return merged_from_stored(paper, _parse_records(data, paper))


def _parse_records(data: JsonObject, paper: Paper) -> list[SourceRecord]:
    common = {name: value for name, value in data.items() if name not in _PAPER_ONLY_FIELDS}
    variants = data.get("records", [{"sources": list(range(len(paper.sources)))}])
    if not isinstance(variants, list):
        raise ValueError("records is not a list")
    records: dict[int, SourceRecord] = {}
    for variant in variants:
        if not isinstance(variant, dict):
            raise ValueError("a record is not an object")
        said = {name: value for name, value in (common | variant).items() if value is not None}
        record = record_from_json(said | {"source": {"kind": "-", "key": "-"}})
        for place in _source_indexes(variant):
            records[place] = record
    if not paper.sources or sorted(records) != list(range(len(paper.sources))):
        raise ValueError("records and sources do not fit each other")
    return [replace(records[place], source=source) for place, source in enumerate(paper.sources)]


def _source_indexes(variant: JsonObject) -> list[int]:
    places: Any = variant.get("sources")
    if not isinstance(places, list) or not all(type(place) is int for place in places):
        raise ValueError("sources of a record is not a list of places")
    return places


def _difference(record: SourceRecord, common: JsonObject) -> JsonObject:
    said = record_to_json(record)
    del said["source"]
    difference = {name: value for name, value in said.items() if common.get(name) != value}
    difference.update({name: None for name in common if name not in said})
    return difference

"""A paper and its records as one line of `papers.jsonl`.

The line is the merged paper. Where its sources differ from it, `records` holds one object for each distinct content:
only the fields that differ from the merged paper (null where the paper has a value and the record has none), and the
indexes of the paper's `sources` that have this content.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from paperreader.catalog.journal.format import parse_line
from paperreader.catalog.merge.paper_merge import MergedPaper, merged_from_stored
from paperreader.checked_values import DroppedValues
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
    """Return the line of a paper, without the line end."""
    return to_json_line(paper_to_object(merged)).encode()


def paper_to_object(merged: MergedPaper) -> JsonObject:
    """Return the JSON object that the line of a paper holds."""
    data = paper_to_json(merged.paper)
    if len(merged.keyed_records) == 1 and merged.keyed_records[0].record.arxiv == merged.paper.arxiv:
        # The paper equals its only record, except that a paper has no `observed`.
        if merged.keyed_records[0].record.observed:
            data["observed"] = merged.keyed_records[0].record.observed
        return data
    variants: dict[SourceRecord, list[int]] = {}
    for index, record in enumerate(merged.records):
        variants.setdefault(replace(record, source=_PLACEHOLDER_SOURCE), []).append(index)
    common = {name: value for name, value in data.items() if name not in _PAPER_ONLY_FIELDS}
    differences = [(_difference(variant, common), indexes) for variant, indexes in variants.items()]
    if len(differences) == 1 and differences[0][0].keys() <= {"observed"}:
        data.update(differences[0][0])
    else:
        data["records"] = [{**difference, "sources": indexes} for difference, indexes in differences]
    return data


def decode_paper(line: bytes) -> MergedPaper:
    """Parse the line of a paper.

    Raises:
        ValueError: the line is damaged.
    """
    return paper_from_object(parse_line(line))


def paper_from_object(data: JsonObject, dropped: DroppedValues | None = None) -> MergedPaper:
    """Return the paper that an object of `paper_to_object` holds. Its values out of range are added to `dropped`.

    Raises:
        ValueError: a field is missing or of another type.
    """
    paper = paper_from_json(data, dropped)
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
        fields = {name: value for name, value in (common | variant).items() if value is not None}
        record = record_from_json(fields | {"source": {"kind": "-", "key": "-"}})
        for index in _source_indexes(variant):
            records[index] = record
    if not paper.sources or sorted(records) != list(range(len(paper.sources))):
        raise ValueError("records and sources do not match")
    return [replace(records[index], source=source) for index, source in enumerate(paper.sources)]


def _source_indexes(variant: JsonObject) -> list[int]:
    indexes: Any = variant.get("sources")
    if not isinstance(indexes, list) or not all(type(index) is int for index in indexes):
        raise ValueError("sources of a record is not a list of indexes")
    return indexes


def _difference(record: SourceRecord, common: JsonObject) -> JsonObject:
    fields = record_to_json(record)
    del fields["source"]
    difference = {name: value for name, value in fields.items() if common.get(name) != value}
    difference.update({name: None for name in common if name not in fields})
    return difference

"""Convert the JSON Lines of `export --format jsonl`: one paper a line, with its records and its mark."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import generic_objects
from paperreader.json_codec import record_from_json
from paperreader.mark_codec import mark_from_json
from paperreader.models import ImportedEntry, Link, Mark, SourceRecord
from paperreader.text.dates import parse_iso, parse_partial
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.urls import parse_link, safe_url

SOURCE_KIND = "jsonl"
MAX_VERSION = 1
"""The newest version of the format that can be read."""


def to_entry(data: dict[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of one line.

    A line with `records` yields them unchanged. A line without them (written by hand or by a script) yields one record
    from its other fields, of which only `title` is required; see `generic_objects`.

    Args:
        data: the object of the line.
        origin: where it was read.
        index: its index there, from 0.

    Raises:
        ValueError: it is not a paper.
    """
    version = data.get("paperreader", MAX_VERSION)
    if not isinstance(version, int) or version > MAX_VERSION:
        raise ValueError("it was written by a newer paperreader")
    mark = _mark(data)
    given = data.get("records")
    if given is None:
        return ImportedEntry((generic_objects.to_record(data, SOURCE_KIND, origin, index),), mark)
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ValueError("records is not a list of objects")
    records = tuple(_validated(record_from_json(one)) for one in given)
    return ImportedEntry(records, mark, is_exported=True)


def _validated(record: SourceRecord) -> SourceRecord:
    """Return an exported record unchanged, and a forged one without what could do harm.

    Ids become URLs, the host of a link is displayed, dates are compared; only text and names may be anything.
    """
    return replace(
        record,
        arxiv=parse_arxiv_id(record.arxiv),
        doi=parse_doi(record.doi),
        links=tuple(
            Link(link.url, link.kind, known.host)
            for link in record.links
            if (known := parse_link(link.url)) and safe_url(link.url) == link.url
        ),
        repo=safe_url(record.repo) or "",
        published=parse_partial(record.published or ""),
        added=parse_iso(record.added) or "",
        observed=record.observed if record.observed.isascii() and record.observed.isprintable() else "",
        source=replace(record.source, date=parse_iso(record.source.date or "")),
    )


def _mark(data: dict[str, Any]) -> Mark | None:
    """Return the mark with its timestamps. `bookmarked`, `read`, `note` and `tags` have none and are not imported."""
    return None if data.get("mark") is None else mark_from_json(data["mark"])

"""Convert the JSON Lines of `export --format jsonl`: one paper a line, with its records and its mark."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from paperreader.importers.input.content import SourceOrigin
from paperreader.json_codec import mark_from_json, record_from_json
from paperreader.models import ImportedEntry, Link, Mark, SourceRecord
from paperreader.text.dates import parse_iso, parse_partial
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.url_finder import find_links
from paperreader.text.urls import parse_link, safe_url

SOURCE_KIND = "jsonl"
MAX_VERSION = 1
"""The newest version of the format that can be read."""


def to_entry(data: dict[str, Any], origin: SourceOrigin, index: int, votes_counted_at: str) -> ImportedEntry:
    """Return the paper of one line.

    A line with `records` yields them unchanged. A line without them (written by hand or by a script) yields one record
    from its other fields, of which only `title` is required.

    Args:
        data: the object of the line.
        origin: where it was read.
        index: its index there, from 0.
        votes_counted_at: not used; only records of exported lines have it.

    Raises:
        ValueError: it is not a paper.
    """
    del votes_counted_at
    version = data.get("paperreader", MAX_VERSION)
    if not isinstance(version, int) or version > MAX_VERSION:
        raise ValueError("it was written by a newer paperreader")
    mark = _mark(data)
    given = data.get("records")
    if given is None:
        return ImportedEntry((_record(data, origin, index),), mark)
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ValueError("records is not a list of objects")
    return ImportedEntry(tuple(_validated(record_from_json(one)) for one in given), mark)


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


def _record(data: dict[str, Any], origin: SourceOrigin, index: int) -> SourceRecord:
    """Return a record from the public fields of a line.

    Raises:
        ValueError: there is no title, or a field has the wrong type.
    """
    title = data.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ValueError("title is missing")
    abstract = _text(data, "abstract")
    links = [parse_link(url) for url in _urls(data)]
    return SourceRecord(
        title=title,
        source=origin.to_source(SOURCE_KIND, index, parse_iso(_text(data, "listed"))),
        abstract=abstract,
        arxiv=parse_arxiv_id(_text(data, "arxiv")) or parse_arxiv_id(_text(data, "id")),
        doi=parse_doi(_text(data, "doi")),
        authors=_texts(data, "authors"),
        links=tuple(link for link in links if link) if links else find_links(f"{title}\n{abstract}"),
        published=parse_partial(_text(data, "published")),
        votes=_count(data, "votes"),
        comments=_count(data, "comments"),
        stars=_count(data, "stars"),
        keywords=_texts(data, "keywords"),
        summary=_text(data, "summary"),
        journal=_text(data, "journal"),
        booktitle=_text(data, "booktitle"),
    )


def _urls(data: dict[str, Any]) -> list[str]:
    links = data.get("links") or []
    if not isinstance(links, list):
        raise ValueError("links is not a list")
    found = [link.get("url") if isinstance(link, dict) else link for link in links]
    if not all(isinstance(url, str) for url in found):
        raise ValueError("a link is malformed")
    return [url for url in found if isinstance(url, str)]


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    return value


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(value)


def _count(data: dict[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is not a count")
    return value

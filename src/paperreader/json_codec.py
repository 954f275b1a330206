"""Papers, records and marks as JSON objects: one form for the catalog, the notebook, exports and scripts.

Stored objects have no empty fields. Objects printed for scripts have every field. Parsing is strict about types and
raises `ValueError` (with the name of the field) for anything else: a line of a store is either what this program wrote,
or damaged. A number or date out of range counts as missing, and is recorded in `dropped`, if given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from paperreader import checked_values
from paperreader.checked_values import MAX_COUNT, MAX_TIMESTAMP, DroppedValues, checked
from paperreader.models import LINK_KINDS, PUBLICATION_FIELDS, Link, Mark, Paper, Source, SourceRecord

JsonObject = dict[str, Any]

_TEXT_FIELDS = (
    "title",
    "abstract",
    "arxiv",
    "doi",
    "repo",
    "summary",
    "added",
    *PUBLICATION_FIELDS,
)
_LIST_FIELDS = ("authors", "keywords", "editors")
_COUNT_FIELDS = ("votes", "comments", "stars")

MARK_KEYS = frozenset(("title", "bookmark", "read", "note", "note_was", "tags"))
"""The keys of a stored mark that this version knows."""


def to_json_line(value: Any, *, ascii_only: bool = False, with_spaces: bool = False) -> str:
    """Return `value` as one line of JSON without control characters; lone surrogates are escaped.

    `with_spaces` adds a space after commas and colons, for files that users read.
    """
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(", ", ": ") if with_spaces else (",", ":"))
    # Some readers of JSON Lines take U+2028 and others for line ends, and lone surrogates cannot be encoded.
    return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def record_to_json(record: SourceRecord) -> JsonObject:
    """Return a record with its source as an object."""
    data = _common_fields(record)
    if record.observed:
        data["observed"] = record.observed
    data["source"] = _source_to_json(record.source)
    return data


def record_from_json(data: Mapping[str, Any], dropped: DroppedValues | None = None) -> SourceRecord:
    """Parse what `record_to_json` returns.

    Raises:
        ValueError: a field is missing or has another type.
    """
    return SourceRecord(
        source=_parse_source(data.get("source"), dropped),
        observed=_parse_text(data, "observed"),
        **_parse_common_fields(data, dropped),
    )


def paper_to_json(paper: Paper) -> JsonObject:
    """Return a merged paper as the catalog stores it."""
    data: JsonObject = {"id": paper.id, **_common_fields(paper)}
    if paper.listed:
        data["listed"] = paper.listed
    if paper.aliases:
        data["aliases"] = list(paper.aliases)
    data["sources"] = [_source_to_json(source) for source in paper.sources]
    return data


def paper_from_json(data: Mapping[str, Any], dropped: DroppedValues | None = None) -> Paper:
    """Parse what `paper_to_json` returns. Other keys are ignored.

    Raises:
        ValueError: a field is missing or has another type.
    """
    sources = data.get("sources")
    if not isinstance(sources, list):
        raise ValueError("sources is not a list")
    return Paper(
        id=_parse_text(data, "id", required=True),
        listed=_parse_date(data, "listed", checked_values.day, dropped),
        aliases=_parse_texts(data, "aliases"),
        sources=tuple(_parse_source(source, dropped) for source in sources),
        **_parse_common_fields(data, dropped),
    )


def paper_to_public_json(paper: Paper, mark: Mark, *, collapse: bool = True) -> JsonObject:
    """Return a paper for scripts: every field is present, unknown values are null, lists are never null.

    Texts are the original ones; `collapse` replaces each run of white space in title, abstract and the fields of the
    publication by one space.
    """

    def text(name: str) -> str:
        value: str = getattr(paper, name)
        return collapse_whitespace(value) if collapse else value

    return {
        "id": paper.id,
        "aliases": list(paper.aliases),
        "arxiv": paper.arxiv or None,
        "doi": paper.doi or None,
        "title": text("title"),
        "abstract": text("abstract"),
        "date": paper.date or None,
        "listed": paper.listed,
        "published": paper.published,
        "added": paper.added or None,
        "authors": list(paper.authors),
        "links": [_link_to_json(link) for link in paper.links],
        "repo": paper.repo or None,
        "sources": [
            {"kind": source.kind, "name": source.name, "date": source.date} for source in paper.sources
        ],
        "votes": paper.votes,
        "comments": paper.comments,
        "stars": paper.stars,
        "keywords": list(paper.keywords),
        "summary": paper.summary or None,
        "editors": list(paper.editors),
        **{name: text(name) or None for name in PUBLICATION_FIELDS},
        "bookmarked": mark.bookmarked,
        "read": mark.is_read,
        "note": mark.note_text or None,
        "tags": list(mark.tag_names),
    }


def mark_to_json(mark: Mark) -> JsonObject:
    """Return a mark as the notebook stores it: only the fields that were ever set."""
    data: JsonObject = {"title": mark.title}
    for name in ("bookmark", "read", "note"):
        value, timestamp = getattr(mark, name)
        if timestamp or value:
            data[name] = [value, timestamp]
    if mark.replaced_notes:
        data["note_was"] = dict(sorted(mark.replaced_notes.items()))
    if mark.tags:
        data["tags"] = {name: [on, timestamp] for name, (on, timestamp) in sorted(mark.tags.items())}
    return {**data, **{key: value for key, value in mark.extra.items() if key not in MARK_KEYS}}


def mark_from_json(data: Any, dropped: DroppedValues | None = None) -> Mark:
    """Parse what `mark_to_json` returns. Unknown keys go to `extra`. A timestamp out of range counts as 0.

    Raises:
        ValueError: a field has another type.
    """
    if not isinstance(data, dict):
        raise ValueError("the mark is not an object")
    tags, replaced = data.get("tags", {}), data.get("note_was", {})
    if not isinstance(tags, dict):
        raise ValueError("tags is not an object")
    if not isinstance(replaced, dict) or not all(map(checked_values.is_number, replaced.values())):
        raise ValueError("note_was is not an object of timestamps")
    return Mark(
        title=_parse_text(data, "title"),
        bookmark=_parse_timestamped(data, "bookmark", bool, False, dropped),
        read=_parse_timestamped(data, "read", bool, False, dropped),
        note=_parse_timestamped(data, "note", str, "", dropped),
        replaced_notes=_parse_timestamps(replaced, dropped),
        tags={name: _parse_timestamped(tags, name, bool, False, dropped) for name in tags} if tags else {},
        extra={} if data.keys() <= MARK_KEYS else {k: v for k, v in data.items() if k not in MARK_KEYS},
    )


def collapse_whitespace(text: str) -> str:
    """Replace every run of white space in `text` by one space, and strip both ends."""
    return " ".join(text.split())


def _common_fields(item: SourceRecord | Paper) -> JsonObject:
    # Loops, because each paper of a large import is encoded: three comprehensions take half as long again.
    data: JsonObject = {}
    for name in _TEXT_FIELDS:
        if value := getattr(item, name):
            data[name] = value
    data.setdefault("title", "")
    for name in _LIST_FIELDS:
        if value := getattr(item, name):
            data[name] = list(value)
    for name in _COUNT_FIELDS:
        if (value := getattr(item, name)) is not None:
            data[name] = value
    if item.links:
        data["links"] = [_link_to_json(link) for link in item.links]
    if item.published:
        data["published"] = item.published
    return data


def _parse_common_fields(data: Mapping[str, Any], dropped: DroppedValues | None) -> dict[str, Any]:
    links = data.get("links", [])
    if not isinstance(links, list):
        raise ValueError("links is not a list")
    # Most fields are empty, and then absent: in a large import this is half of the time.
    return {
        "title": _parse_text(data, "title"),
        **{name: _parse_text(data, name) for name in _TEXT_FIELDS if name in data},
        **{name: _parse_texts(data, name) for name in _LIST_FIELDS if name in data},
        **{name: _parse_count(data, name, dropped) for name in _COUNT_FIELDS if name in data},
        "links": tuple(_parse_link(link) for link in links),
        "published": _parse_date(data, "published", checked_values.partial_day, dropped),
        "added": _parse_date(data, "added", checked_values.day, dropped) or "",
    }


def _link_to_json(link: Link) -> JsonObject:
    return {"url": link.url, "kind": link.kind, "host": link.host}


def _parse_link(data: Any) -> Link:
    if not isinstance(data, dict) or data.get("kind") not in LINK_KINDS:
        raise ValueError("a link is malformed")
    return Link(_parse_text(data, "url", required=True), data["kind"], _parse_text(data, "host"))


def _source_to_json(source: Source) -> JsonObject:
    return {"kind": source.kind, "name": source.name, "date": source.date, "key": source.key}


def _parse_source(data: Any, dropped: DroppedValues | None) -> Source:
    if not isinstance(data, dict):
        raise ValueError("a source is malformed")
    return Source(
        _parse_text(data, "kind", required=True),
        _parse_text(data, "name"),
        _parse_date(data, "date", checked_values.day, dropped),
        _parse_text(data, "key", required=True),
    )


def _parse_text(data: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = data.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise ValueError(f"{name} is not text")
    return value


def _parse_texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(value)


def _parse_count(data: Mapping[str, Any], name: str, dropped: DroppedValues | None) -> int | None:
    value = data.get(name)
    if value is None or (type(value) is int and 0 <= value <= MAX_COUNT):
        return value
    if not checked_values.is_number(value):
        raise ValueError(f"{name} is not a number")
    return checked(name, value, checked_values.count, dropped)


def _parse_date(
    data: Mapping[str, Any], name: str, parse: Callable[[str], str | None], dropped: DroppedValues | None
) -> str | None:
    text = _parse_text(data, name)
    return checked(name, text, parse, dropped) if text else None


def _parse_timestamped(
    data: Mapping[str, Any], name: str, kind: type, default: Any, dropped: DroppedValues | None
) -> tuple[Any, int]:
    field = data.get(name)
    if field is None:
        return (default, 0)
    if type(field) is not list or len(field) < 2 or type(field[0]) is not kind:
        raise ValueError("a field with a timestamp is malformed")
    value, when = field[:2]
    if type(when) is int and 0 <= when <= MAX_TIMESTAMP:
        return (value, when)
    if not checked_values.is_number(when):
        raise ValueError("a field with a timestamp is malformed")
    return (value, checked(f"time of {name}", when, checked_values.timestamp, dropped) or 0)


def _parse_timestamps(data: dict[str, Any], dropped: DroppedValues | None) -> dict[str, int]:
    if all(type(when) is int and 0 <= when <= MAX_TIMESTAMP for when in data.values()):
        return data
    parsed = {
        name: checked("time in note_was", when, checked_values.timestamp, dropped)
        for name, when in data.items()
    }
    return {name: when for name, when in parsed.items() if when is not None}

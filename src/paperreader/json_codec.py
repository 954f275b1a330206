"""Papers and records as JSON objects: one form for the catalog, exports and scripts. `mark_codec` is for marks.

Stored objects have no empty fields. Objects printed for scripts have every field. Parsing is strict about types and
raises `ValueError` (with the name of the field) for anything else: a line of a store is either what this program wrote,
or damaged. A number or date out of range counts as missing, and is recorded in `dropped`, if given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from paperreader import checked_values
from paperreader.checked_values import MAX_COUNT, DroppedValues, checked
from paperreader.lazy_pattern import lazy_pattern
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
_LIST_FIELDS = ("authors", "keywords", "editors", "categories")
_COUNT_FIELDS = ("votes", "comments", "stars")
_KNOWN_FIELDS = frozenset(
    (
        *("id", "listed", "aliases", "source", "sources", "records", "observed", "links", "published"),
        *("arxiv_version", "arxiv_updated"),
        *(*_TEXT_FIELDS, *_LIST_FIELDS, *_COUNT_FIELDS),
    )
)
"""The keys of a stored paper or record that this version knows."""

_ESCAPED_SURROGATE = lazy_pattern(r"\\ud[89a-f]")
_LONE_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_UNSAFE_IN_LINE = lazy_pattern("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_encode_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_spaced = json.JSONEncoder(ensure_ascii=False).encode


def to_json_line(value: Any, *, ascii_only: bool = False, with_spaces: bool = False) -> str:
    """Return `value` as one line of JSON without control characters.

    Lone surrogates are escaped, which only Python reads, or with `ascii_only`, for other programs, replaced by U+FFFD.
    `with_spaces` adds a space after commas and colons, for files that users read.
    """
    if not ascii_only:
        return _escape_unsafe((_encode_spaced if with_spaces else _encode_compact)(value))
    separators = (", ", ": ") if with_spaces else (",", ":")
    text = json.dumps(value, separators=separators)
    if _ESCAPED_SURROGATE.search(text):  # perhaps of a pair
        whole = _LONE_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
        text = json.dumps(json.loads(whole), separators=separators)
    return _escape_unsafe(text)


def _escape_unsafe(text: str) -> str:
    if text.isascii() and "\x7f" not in text:
        return text
    # Some readers of JSON Lines take U+2028 and others for line ends, and lone surrogates cannot be encoded.
    return _UNSAFE_IN_LINE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


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
        observed=parse_text(data, "observed"),
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
        id=parse_text(data, "id", required=True),
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
        "arxiv_version": paper.arxiv_version or None,
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
        "categories": list(paper.categories),
        "summary": paper.summary or None,
        "editors": list(paper.editors),
        **{name: text(name) or None for name in PUBLICATION_FIELDS},
        "bookmarked": mark.bookmarked,
        "read": mark.is_read,
        "dismissed": mark.is_dismissed,
        "hidden": mark.is_hidden,
        "disliked": mark.is_disliked,
        "queue": mark.queue_position,
        "note": mark.note_text or None,
        "tags": list(mark.tag_names),
        "highlights": [{"quote": each.quote, "comment": each.comment or None} for each in mark.passages],
        "summaries": [each.to_public(command) for command, each in mark.generated.items()],
    }


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
    if item.arxiv_version:
        data["arxiv_version"] = item.arxiv_version
    if item.arxiv_updated:
        data["arxiv_updated"] = item.arxiv_updated
    for name, value in item.extra:
        data[name] = json.loads(value)
    return data


def _parse_common_fields(data: Mapping[str, Any], dropped: DroppedValues | None) -> dict[str, Any]:
    links = data.get("links", [])
    if not isinstance(links, list):
        raise ValueError("links is not a list")
    # Most fields are empty, and then absent: in a large import this is half of the time.
    return {
        "title": parse_text(data, "title"),
        **{name: parse_text(data, name) for name in _TEXT_FIELDS if name in data},
        **{name: _parse_texts(data, name) for name in _LIST_FIELDS if name in data},
        **{name: _parse_count(data, name, dropped) for name in _COUNT_FIELDS if name in data},
        "links": tuple(_parse_link(link) for link in links),
        "published": _parse_date(data, "published", checked_values.partial_day, dropped),
        "added": _parse_date(data, "added", checked_values.day, dropped) or "",
        "arxiv_version": _parse_arxiv_version(data, dropped) if "arxiv_version" in data else 0,
        "arxiv_updated": _parse_date(data, "arxiv_updated", checked_values.day, dropped) or "",
        "extra": () if data.keys() <= _KNOWN_FIELDS else _unknown_fields(data),
    }


def _unknown_fields(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the fields that a later version wrote, as JSON, which can be compared and hashed.

    A value with a number that JSON cannot represent is left out.
    """
    found = []
    for name in sorted(data.keys() - _KNOWN_FIELDS):
        with suppress(ValueError):
            json.dumps(data[name], allow_nan=False)
            found.append((name, to_json_line(data[name])))
    return tuple(found)


def _link_to_json(link: Link) -> JsonObject:
    return {"url": link.url, "kind": link.kind, "host": link.host}


def _parse_link(data: Any) -> Link:
    if not isinstance(data, dict) or data.get("kind") not in LINK_KINDS:
        raise ValueError("a link is malformed")
    return Link(parse_text(data, "url", required=True), data["kind"], parse_text(data, "host"))


def _source_to_json(source: Source) -> JsonObject:
    data: JsonObject = {"kind": source.kind, "name": source.name, "date": source.date, "key": source.key}
    return {**data, "assumed": True} if source.is_date_assumed else data


def _parse_source(data: Any, dropped: DroppedValues | None) -> Source:
    if not isinstance(data, dict):
        raise ValueError("a source is malformed")
    return Source(
        parse_text(data, "kind", required=True),
        parse_text(data, "name"),
        _parse_date(data, "date", checked_values.day, dropped),
        parse_text(data, "key", required=True),
        data.get("assumed") is True,
    )


def parse_text(data: Mapping[str, Any], name: str, *, required: bool = False) -> str:
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


def _parse_arxiv_version(data: Mapping[str, Any], dropped: DroppedValues | None) -> int:
    value = data["arxiv_version"]
    if not checked_values.is_number(value):
        raise ValueError("arxiv_version is not a number")
    return checked("arxiv_version", value, checked_values.arxiv_version, dropped) or 0


def _parse_date(
    data: Mapping[str, Any], name: str, parse: Callable[[str], str | None], dropped: DroppedValues | None
) -> str | None:
    text = parse_text(data, name)
    return checked(name, text, parse, dropped) if text else None

"""Papers, records and marks as JSON objects: one form for the catalog, the notebook, exports and scripts.

Empty fields are left out of what is stored; what is printed for scripts always has every field.
Reading is strict about types and raises `ValueError` (with the field's name) on anything else, because a line of a
store is either what this program wrote or damaged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, get_args

from paperreader.models import Link, LinkKind, Mark, Paper, Source, SourceRecord

JsonObject = dict[str, Any]

_LINK_KINDS = frozenset(get_args(LinkKind))
_TEXT_FIELDS = ("title", "abstract", "arxiv", "doi", "repo", "summary", "added", "journal", "booktitle")
_LIST_FIELDS = ("authors", "keywords")
_COUNT_FIELDS = ("votes", "comments", "stars")

MARK_KEYS = frozenset(("title", "bookmark", "read", "note", "note_was", "tags"))
"""The keys of a mark that this version knows."""


def to_json_line(value: Any, *, ascii_only: bool = False, with_spaces: bool = False) -> str:
    """`value` as one line of JSON without control characters; lone surrogates survive as escapes.

    `spaced` puts a blank after commas and colons, for files that people look into.
    """
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(", ", ": ") if with_spaces else (",", ":"))
    # U+2028 and its kin are line ends to some readers of "one object a line", and lone surrogates do not encode.
    return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def record_to_json(record: SourceRecord) -> JsonObject:
    """What one source said, with the source inside."""
    data = _common_fields(record)
    if record.observed:
        data["observed"] = record.observed
    data["source"] = _source_to_json(record.source)
    return data


def record_from_json(data: Mapping[str, Any]) -> SourceRecord:
    """The inverse of `record_to_json`.

    Raises:
        ValueError: a field is missing or of another type.
    """
    return SourceRecord(
        source=_parse_source(data.get("source")),
        observed=_parse_text(data, "observed"),
        **_parse_common_fields(data),
    )


def paper_to_json(paper: Paper) -> JsonObject:
    """A merged paper as it stands in the catalog."""
    data: JsonObject = {"id": paper.id, **_common_fields(paper)}
    if paper.listed:
        data["listed"] = paper.listed
    if paper.aliases:
        data["aliases"] = list(paper.aliases)
    data["sources"] = [_source_to_json(source) for source in paper.sources]
    return data


def paper_from_json(data: Mapping[str, Any]) -> Paper:
    """The inverse of `paper_to_json`; other keys are passed over.

    Raises:
        ValueError: a field is missing or of another type.
    """
    sources = data.get("sources")
    if not isinstance(sources, list):
        raise ValueError("sources is not a list")
    return Paper(
        id=_parse_text(data, "id", required=True),
        listed=_parse_text(data, "listed") or None,
        aliases=_parse_texts(data, "aliases"),
        sources=tuple(_parse_source(source) for source in sources),
        **_parse_common_fields(data),
    )


def paper_to_public_json(paper: Paper, mark: Mark, *, collapse: bool = True) -> JsonObject:
    """A paper for scripts: every field present, unknown is null, lists are never null.

    Title and abstract are the original text, white space folded unless `folded` is off.
    """
    return {
        "id": paper.id,
        "aliases": list(paper.aliases),
        "title": collapse_whitespace(paper.title) if collapse else paper.title,
        "abstract": collapse_whitespace(paper.abstract) if collapse else paper.abstract,
        "date": paper.date or None,
        "listed": paper.listed,
        "published": paper.published,
        "added": paper.added or None,
        "authors": list(paper.authors),
        "links": [_link_to_json(link) for link in paper.links],
        "sources": [
            {"kind": source.kind, "name": source.name, "date": source.date} for source in paper.sources
        ],
        "votes": paper.votes,
        "comments": paper.comments,
        "stars": paper.stars,
        "keywords": list(paper.keywords),
        "summary": paper.summary or None,
        "journal": collapse_whitespace(paper.journal) or None,
        "booktitle": collapse_whitespace(paper.booktitle) or None,
        "bookmarked": mark.bookmarked,
        "read": mark.is_read,
        "note": mark.note_text or None,
        "tags": list(mark.tag_names),
    }


def mark_to_json(mark: Mark) -> JsonObject:
    """A mark as it stands in the notebook: only the fields that were ever set."""
    data: JsonObject = {"title": mark.title}
    for name in ("bookmark", "read", "note"):
        value, when = getattr(mark, name)
        if when or value:
            data[name] = [value, when]
    if mark.replaced_notes:
        data["note_was"] = dict(sorted(mark.replaced_notes.items()))
    if mark.tags:
        data["tags"] = {name: [on, when] for name, (on, when) in sorted(mark.tags.items())}
    return {**data, **{key: value for key, value in mark.extra.items() if key not in MARK_KEYS}}


def mark_from_json(data: Any) -> Mark:
    """The inverse of `mark_to_json`; keys this version does not know are kept in `extra`.

    Raises:
        ValueError: a field is of another type.
    """
    if not isinstance(data, dict):
        raise ValueError("the mark is not an object")
    tags, note_was = data.get("tags", {}), data.get("note_was", {})
    if not isinstance(tags, dict):
        raise ValueError("tags is not an object")
    if not isinstance(note_was, dict) or (note_was and {type(when) for when in note_was.values()} != {int}):
        raise ValueError("note_was is not an object of moments")
    return Mark(
        title=_parse_text(data, "title"),
        bookmark=_parse_timestamped(data.get("bookmark"), bool, False),
        read=_parse_timestamped(data.get("read"), bool, False),
        note=_parse_timestamped(data.get("note"), str, ""),
        replaced_notes=note_was,
        tags={name: _parse_timestamped(value, bool, False) for name, value in tags.items()} if tags else {},
        extra={} if data.keys() <= MARK_KEYS else {k: v for k, v in data.items() if k not in MARK_KEYS},
    )


def collapse_whitespace(text: str) -> str:
    """`text` with every run of white space as one blank, none at the ends."""
    return " ".join(text.split())


def _common_fields(thing: SourceRecord | Paper) -> JsonObject:
    data: JsonObject = {name: value for name in _TEXT_FIELDS if (value := getattr(thing, name))}
    data.setdefault("title", "")
    data.update({name: list(value) for name in _LIST_FIELDS if (value := getattr(thing, name))})
    data.update({name: value for name in _COUNT_FIELDS if (value := getattr(thing, name)) is not None})
    if thing.links:
        data["links"] = [_link_to_json(link) for link in thing.links]
    if thing.published:
        data["published"] = thing.published
    return data


def _parse_common_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    links = data.get("links", [])
    if not isinstance(links, list):
        raise ValueError("links is not a list")
    return {
        **{name: _parse_text(data, name) for name in _TEXT_FIELDS},
        **{name: _parse_texts(data, name) for name in _LIST_FIELDS},
        **{name: _parse_count(data, name) for name in _COUNT_FIELDS},
        "links": tuple(_parse_link(link) for link in links),
        "published": _parse_text(data, "published") or None,
    }


def _link_to_json(link: Link) -> JsonObject:
    return {"url": link.url, "kind": link.kind, "host": link.host}


def _parse_link(data: Any) -> Link:
    if not isinstance(data, dict) or data.get("kind") not in _LINK_KINDS:
        raise ValueError("a link is malformed")
    return Link(
        _parse_text(data, "url", required=True),
        data["kind"],
        _parse_text(data, "host"),
    )


def _source_to_json(source: Source) -> JsonObject:
    return {"kind": source.kind, "name": source.name, "date": source.date, "key": source.key}


def _parse_source(data: Any) -> Source:
    if not isinstance(data, dict):
        raise ValueError("a source is malformed")
    return Source(
        _parse_text(data, "kind", required=True),
        _parse_text(data, "name"),
        _parse_text(data, "date") or None,
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


def _parse_count(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{name} is not a number")
    return value


def _parse_timestamped(value: Any, kind: type, default: Any) -> tuple[Any, int]:
    if value is None:
        return (default, 0)
    if type(value) is not list or len(value) < 2 or type(value[0]) is not kind or type(value[1]) is not int:
        raise ValueError("a stamped field is malformed")
    return (value[0], value[1])

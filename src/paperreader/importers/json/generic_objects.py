"""Convert JSON objects of people's own scripts: a title, and what else is found under the usual names.

A field of an unexpected type costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.names import authors_of
from paperreader.models import SourceRecord
from paperreader.text.dates import most_precise, parse_iso, stated_date
from paperreader.text.field_names import FIELD_NAMES, name_key
from paperreader.text.ids import parse_arxiv_id

MAX_URL_CHARS = 2000
_OTHER_PAPERS = ("ref", "cit", "related", "similar", "parent")
"""Parts of the names of fields that name other papers."""

Fields = Mapping[str, Any]
"""The values of an object by the key of their name."""


def to_record(data: Mapping[str, Any], source_kind: str, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an object.

    Args:
        data: the object.
        source_kind: kind of its source.
        origin: where it was read.
        index: its index there, from 0.

    Raises:
        ValueError: it has no title.
    """
    named = {name_key(name): value for name, value in data.items() if value is not None}
    title = _text(named, "title")
    if not title:
        raise ValueError("title is missing")
    abstract, summary = _text(named, "abstract"), _text(named, "summary")
    if not abstract and "abstract" not in data:
        abstract, summary = summary, ""
    urls = [url for field in ("url", "repo") for value in _values(named, field) for url in _urls(value)]
    record = reference_fields.to_record(
        origin.to_source(source_kind, index, parse_iso(fields.optional_text(named, "listed"))),
        title=title,
        abstract=abstract,
        authors=next((names for value in _values(named, "authors") if (names := authors_of(value))), []),
        keywords=next((words for value in _values(named, "keywords") if (words := _words(value))), []),
        ids=_ids(named),
        dois=[text for value in _values(named, "doi") for text in _texts(value)],
        urls=urls,
        mentions=(),
        published=most_precise(
            *(stated_date(text) for value in _values(named, "published") for text in _texts(value))
        ),
        repository=next((url for value in _values(named, "repo") for url in _urls(value)), ""),
        journal=_text(named, "journal"),
        booktitle=_text(named, "booktitle"),
    )
    counts = {name: _text(named, name) for name in ("votes", "comments", "stars")}
    return reference_fields.with_counts(record, {**counts, "summary": summary})


def _values(named: Fields, field: str) -> list[Any]:
    return [named[key] for key in FIELD_NAMES[field] if key in named]


def _texts(value: Any) -> list[str]:
    """Return a text or a number as text, or those of a list."""
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in _texts(item)]
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [str(value)] if isinstance(value, int) and not isinstance(value, bool) else []


def _text(named: Fields, field: str) -> str:
    """Return the first text of a field; of a title or an abstract, no number."""
    texts = (
        text
        for value in _values(named, field)
        if isinstance(value, str) or (isinstance(value, int) and field in ("votes", "comments", "stars"))
        for text in _texts(value)
    )
    return next(texts, "")


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return reference_fields.split_keywords(value)
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _urls(value: Any) -> list[str]:
    """Return the URLs in a text, an object with a `url` or `href`, or a list of them."""
    if isinstance(value, list):
        return [url for item in value if not isinstance(item, list) for url in _urls(item)]
    if isinstance(value, dict):
        value = next((value[name] for name in ("url", "href") if isinstance(value.get(name), str)), "")
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS:
        return []
    return reference_fields.split_urls(value)


def _ids(named: Fields) -> Iterator[str]:
    """Yield the texts that may be an arXiv id: those of fields for it, then every URL that is all of a field."""
    for value in _values(named, "arxiv"):
        yield from _texts(value)
    for key, value in named.items():
        if isinstance(value, str) and not any(part in key for part in _OTHER_PAPERS):
            text = f"https://huggingface.co{value}" if value.startswith("/papers/") else value
            if ("/" in text or ":" in text or "arxiv" in key) and parse_arxiv_id(text):
                yield text

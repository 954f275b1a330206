"""Convert items of CSL JSON, as Zotero, Mendeley, Pandoc and citeproc read and write it.

https://github.com/citation-style-language/schema (csl-data.json). What has no field in it, and the user's note, is in
`custom.paperreader` of items that `export` wrote; `note` is text of the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.checked_values import checked_date, checked_date_parts
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.entry_types import IN_BOOKS, entry_type_of
from paperreader.models import PUBLICATION_FIELDS, ImportedEntry, Mark, SourceRecord
from paperreader.paths import APP_NAME
from paperreader.text.categories import find_categories
from paperreader.text.dates import parse_iso, parse_partial
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.jats import strip_tags

SOURCE_KIND = "csl-json"

Item = Mapping[str, Any]


def to_entry(data: Item, origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of an item, with the mark that `export` wrote.

    Raises:
        ValueError: it has no title.
    """
    own = fields.optional_object(fields.optional_object(data, "custom"), APP_NAME)
    record = to_record(data, SOURCE_KIND, origin, index)
    if not own:
        return ImportedEntry((record,))
    return ImportedEntry((_with_own_fields(record, own),), _mark(data, own, origin), is_exported=True)


def to_record(data: Item, source_kind: str, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an item; fields may be lists, as those of Crossref are.

    Raises:
        ValueError: it has no title.
    """
    own = fields.optional_object(fields.optional_object(data, "custom"), APP_NAME)
    title = fields.first_text(data, "title") if own else strip_tags(fields.first_text(data, "title"))
    if not title:
        raise ValueError("title is missing")
    abstract = fields.first_text(data, "abstract")
    kind = _entry_type(data)
    container = strip_tags(fields.first_text(data, "container-title"))
    book = container or (fields.first_text(data, "event-title", "event") if kind == "inproceedings" else "")
    note = fields.first_text(data, "note")
    numbers = ("number", "archive_location", "archive-location", "archiveID", "arxiv", "eprint")
    record = reference_fields.to_record(
        origin.to_source(source_kind, index, parse_iso(fields.optional_text(own, "listed"))),
        title=title,
        abstract=abstract if own else strip_tags(abstract),
        authors=people(data, "author"),
        keywords=[
            word
            for text in fields.texts_in(data, "keyword")
            for word in reference_fields.split_keywords(text)
        ],
        ids=[fields.first_text(data, name) for name in numbers],
        dois=[fields.first_text(data, "DOI", "doi")],
        urls=[text.strip() for name in ("URL", "url") for text in fields.texts_in(data, name)],
        prose=note,
        mentions=[note, container],
        published=date_of(data.get("issued")),
        journal="" if kind in IN_BOOKS else container,
        booktitle=book if kind in IN_BOOKS else "",
    )
    return _with_publication(record, data, kind)


def _with_publication(record: SourceRecord, data: Item, kind: str) -> SourceRecord:
    number = fields.first_text(data, "issue") or fields.first_text(data, "number")
    return reference_fields.with_publication(
        record,
        entry_type=kind,
        editors=people(data, "editor"),
        volume=fields.first_text(data, "volume"),
        number="" if parse_arxiv_id(number) or parse_doi(number) else number,
        pages=fields.first_text(data, "page", "page-first", "article-number"),
        edition=fields.first_text(data, "edition", "edition-number"),
        isbn=", ".join(_numbers(data, "ISBN")),
        issn=", ".join(_numbers(data, "ISSN")),
        **reference_fields.publisher_or_school(
            fields.first_text(data, "publisher"), fields.first_text(data, "genre"), kind
        ),
    )


def _numbers(data: Item, name: str) -> list[str]:
    return list(dict.fromkeys(text.strip().rpartition("/")[2] for text in fields.texts_in(data, name)))


def _entry_type(data: Item) -> str:
    """Return the type of the entry; an `article` without a journal is a preprint."""
    kind = fields.optional_text(data, "type")
    if kind == "article":
        return "article" if fields.first_text(data, "container-title") else ""
    found = entry_type_of(kind)
    return (
        "mastersthesis"
        if found == "phdthesis" and "master" in fields.first_text(data, "genre").lower()
        else found
    )


def people(data: Item, name: str) -> list[str]:
    """Return names, given name first."""
    values = fields.optional_list(data, name)
    found = [value if isinstance(value, str) else person(value) for value in values]
    return [" ".join(text.split()) for text in found if text.strip()]


def person(value: Any) -> str:
    """Return a name from its parts; empty if there is none."""
    if not isinstance(value, dict):
        return ""
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    texts = [fields.optional_text(value, part).strip() for part in parts]
    return " ".join(filter(None, texts)) or fields.first_text(value, "literal", "name")


def date_of(value: Any) -> str | None:
    """Return the day, month or year (ISO) of a date: `{"date-parts": [[2017, 6, 12]]}`, `{"raw": …}`, or a text."""
    if isinstance(value, str | int):
        return checked_date(str(value))
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    first = first if isinstance(first, list) else parts
    listed = first if isinstance(first, list) else ()
    texts = [str(part) for part in listed if isinstance(part, str | int)]
    if numbers := [text for text in texts if text.isascii() and text.isdecimal()]:
        return checked_date_parts(*[*numbers, "", ""][:3])
    return checked_date(fields.first_text(value, "raw", "literal", "date-time"))


def _with_own_fields(record: SourceRecord, own: Item) -> SourceRecord:
    """Return a record with what `export` stores in addition to the fields of CSL."""
    links, repository = fields.collect_links(
        f"{record.title}\n{record.abstract}",
        tuple(fields.texts_in(own, "links")),
        fields.optional_text(own, "repo"),
    )
    texts = {name: fields.optional_text(own, name) for name in ("summary", *PUBLICATION_FIELDS)}
    return replace(
        record,
        links=links,
        repo=repository,
        published=parse_partial(fields.optional_text(own, "published")),
        keywords=tuple(fields.texts_in(own, "keywords")),
        categories=find_categories(fields.texts_in(own, "categories")),
        votes=fields.optional_int(own, "votes"),
        comments=fields.optional_int(own, "comments"),
        stars=fields.optional_int(own, "stars"),
        **texts,
    )


def _mark(data: Item, own: Item, origin: SourceOrigin) -> Mark | None:
    return reference_fields.to_mark(
        fields.first_text(data, "title"),
        fields.optional_text(data, "annote"),
        fields.texts_in(own, "tags"),
        origin,
        bookmarked="yes" if own.get("bookmarked") is True else "",
        read="yes" if own.get("read") is True else "",
    )

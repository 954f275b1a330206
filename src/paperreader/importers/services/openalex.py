"""Convert works of OpenAlex: single works, pages of results, and rows of its snapshot.

https://docs.openalex.org/api-entities/works/work-object. Abstracts are stored as positions of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from paperreader.checked_values import count
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.entry_types import IN_BOOKS, entry_type_of
from paperreader.models import ImportedEntry, SourceRecord
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.jats import strip_tags

SOURCE_KIND = "openalex"

MAX_ABSTRACT_WORDS = 20_000

_NO_DAY = "-01-01"
"""The end of the date of a work of which only the year is known."""

Work = Mapping[str, Any]


def to_entry(data: Work, origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of a work.

    Raises:
        ValueError: it has no title.
    """
    title = strip_tags(fields.first_text(data, "title", "display_name"))
    if not title:
        raise ValueError("title is missing")
    source, locations = _source(data), list(_locations(data))
    kind = _entry_type(data, source)
    urls = [
        fields.first_text(location, name)
        for location in locations
        for name in ("landing_page_url", "pdf_url")
    ]
    urls.append(fields.first_text(fields.optional_object(data, "open_access"), "oa_url"))
    venue = "" if source.get("type") == "repository" else fields.first_text(source, "display_name")
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=_abstract(data),
        authors=[name for item in fields.objects_in(data, "authorships") if (name := _author(item))],
        keywords=[
            fields.first_text(item, "display_name", "keyword") for item in fields.objects_in(data, "keywords")
        ],
        ids=[*fields.texts_in(fields.optional_object(data, "ids"), "arxiv"), *urls],
        dois=[
            fields.first_text(data, "doi") or fields.first_text(fields.optional_object(data, "ids"), "doi")
        ],
        urls=[url for url in dict.fromkeys(urls) if not parse_arxiv_id(url) and not parse_doi(url)][:2],
        published=_published(data),
        journal=venue if kind == "article" else "",
        booktitle=venue if kind in IN_BOOKS else "",
    )
    record = _with_publication(record, data, source, kind)
    return ImportedEntry((record,), citations=count(data.get("cited_by_count")))


def _with_publication(record: SourceRecord, data: Work, source: Work, kind: str) -> SourceRecord:
    biblio = fields.optional_object(data, "biblio")
    first, last = (fields.first_text(biblio, name) for name in ("first_page", "last_page"))
    return reference_fields.with_publication(
        record,
        entry_type=kind,
        volume=fields.first_text(biblio, "volume"),
        number=fields.first_text(biblio, "issue"),
        pages=f"{first}-{last}" if first and last and first != last else first,
        issn=fields.first_text(source, "issn_l", "issn") if record.journal else "",
        publisher=fields.first_text(source, "host_organization_name", "publisher") if kind == "book" else "",
    )


def _source(data: Work) -> Work:
    """Return the journal, proceedings or repository; responses before 2023 have it as `host_venue`."""
    location = fields.optional_object(data, "primary_location")
    return fields.optional_object(location, "source") or fields.optional_object(data, "host_venue")


def _entry_type(data: Work, source: Work) -> str:
    """Return the type; preprints and papers in proceedings are called `article` too, and differ in their source."""
    kind = entry_type_of(fields.optional_text(data, "type_crossref") or fields.optional_text(data, "type"))
    place = fields.optional_text(source, "type")
    if place == "conference" and kind in ("", "article"):
        return "inproceedings"
    return "" if kind == "article" and place != "journal" else kind


def _locations(data: Work) -> Iterator[Work]:
    for name in ("primary_location", "best_oa_location"):
        yield fields.optional_object(data, name)
    yield from fields.objects_in(data, "locations")


def _author(item: Work) -> str:
    return fields.first_text(fields.optional_object(item, "author"), "display_name") or fields.first_text(
        item, "raw_author_name"
    )


def _published(data: Work) -> str | None:
    day = fields.iso_day(fields.optional_text(data, "publication_date"))
    if day and not day.endswith(_NO_DAY):
        return day
    year = fields.first_text(data, "publication_year")
    return year if year.isdecimal() and len(year) == 4 else (day or "")[:4] or None


def _abstract(data: Work) -> str:
    """Return the abstract: a text, or the words in the order of their positions."""
    index = data.get("abstract_inverted_index")
    if not isinstance(index, dict):
        return strip_tags(fields.first_text(data, "abstract"))
    words = {
        position: word
        for word, positions in index.items()
        if isinstance(positions, list)
        for position in positions
        if isinstance(position, int) and 0 <= position < MAX_ABSTRACT_WORDS
    }
    return strip_tags(" ".join(word for _, word in sorted(words.items())))

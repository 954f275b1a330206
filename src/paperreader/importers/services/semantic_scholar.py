"""Convert papers of Semantic Scholar: its Graph API, its recommendations, and the `papers` of its datasets.

https://api.semanticscholar.org/api-docs/graph, https://api.semanticscholar.org/api-docs/datasets. The datasets have the
same fields in lower case; the first API had `arxivId` and `doi` beside the title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.checked_values import checked_date, count
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.entry_types import IN_BOOKS
from paperreader.importers.references.names import authors_of
from paperreader.models import ImportedEntry, SourceRecord
from paperreader.text.dates import most_precise
from paperreader.text.jats import remove_markup

SOURCE_KIND = "semantic-scholar"

_ENTRY_TYPES = {
    "conference": "inproceedings",
    "journalarticle": "article",
    "book": "book",
    "booksection": "incollection",
}

_PAGES = "https://www.semanticscholar.org/paper/"
_SHA1 = re.compile("[0-9a-f]{40}")
"""An id of Semantic Scholar. Responses without other fields consist of ids and titles."""

Fields = Mapping[str, Any]
"""Values by their name in lower case."""


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of an object.

    Raises:
        ValueError: it has no title.
    """
    named = {name.lower(): value for name, value in data.items()}
    title = remove_markup(fields.optional_text(named, "title"))
    if not title.strip():
        raise ValueError("title is missing")
    ids = {name.lower(): value for name, value in fields.optional_object(named, "externalids").items()}
    journal = named.get("journal")
    journal = journal if isinstance(journal, dict) else {"name": journal}
    kind = _entry_type(named)
    name = fields.first_text(journal, "name")
    venue = fields.first_text(fields.optional_object(named, "publicationvenue"), "name")
    venue = venue or fields.first_text(named, "publicationvenue", "venue")
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=remove_markup(fields.optional_text(named, "abstract")),
        authors=authors_of(named.get("authors")),
        ids=[fields.first_text(ids, "arxiv"), fields.first_text(named, "arxivid")],
        dois=[fields.first_text(ids, "doi"), fields.first_text(named, "doi")],
        urls=[
            fields.first_text(fields.optional_object(named, "openaccesspdf"), "url")
            or fields.first_text(named, "openaccesspdf")
        ],
        mentions=[name, fields.first_text(journal, "volume")],
        published=most_precise(
            fields.iso_day(fields.optional_text(named, "publicationdate")),
            checked_date(fields.first_text(named, "year")),
        ),
        journal="" if kind in IN_BOOKS else name or (venue if kind == "article" else ""),
        booktitle=venue if kind in IN_BOOKS or not (kind or name) else "",
    )
    summary = fields.first_text(fields.optional_object(named, "tldr"), "text")
    record = reference_fields.with_counts(record, {"summary": summary})
    record = _with_publication(record, journal, kind)
    if not (record.arxiv or record.doi or record.links):
        # Its page at Semantic Scholar, which others do not need.
        id = fields.first_text(named, "paperid")
        page = fields.first_text(named, "url") or (f"{_PAGES}{id}" if _SHA1.fullmatch(id) else "")
        links, _ = fields.collect_links("", (page,))
        record = replace(record, links=links)
    return ImportedEntry((record,), citations=count(named.get("citationcount")))


def _entry_type(named: Fields) -> str:
    """Return the type; of several, a conference says most, because Semantic Scholar calls its papers articles too."""
    kinds = {kind.lower() for kind in fields.texts_in(named, "publicationtypes")}
    found = next((name for key, name in _ENTRY_TYPES.items() if key in kinds), "")
    place = fields.first_text(fields.optional_object(named, "publicationvenue"), "type")
    return "inproceedings" if place == "conference" and found in ("", "article") else found


def _with_publication(record: SourceRecord, journal: Fields, kind: str) -> SourceRecord:
    if reference_fields.is_arxiv_venue(fields.first_text(journal, "name")):
        return record
    return reference_fields.with_publication(
        record,
        entry_type=kind if record.journal or record.booktitle or kind == "book" else "",
        volume=fields.first_text(journal, "volume"),
        pages=fields.first_text(journal, "pages"),
    )

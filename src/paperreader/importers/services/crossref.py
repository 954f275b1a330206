"""Convert works of Crossref: responses of its REST API (`message`, `items`), and rows of its public data file.

https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md. A work has the fields of CSL JSON, with lists where
that has a text; titles and abstracts contain tags of JATS and MathML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.json.other_objects import OtherObject
from paperreader.importers.references import csl_json
from paperreader.models import ImportedEntry
from paperreader.text.dates import most_precise
from paperreader.text.ids import parse_arxiv_id

SOURCE_KIND = "crossref"

_NO_PAPERS = frozenset(
    (
        *(
            "journal",
            "journal-issue",
            "journal-volume",
            "book-series",
            "book-set",
            "report-series",
            "component",
        ),
        *("proceedings-series", "peer-review", "grant", "database", "standard-series"),
    )
)
_IN_BOOKS = (
    "book-chapter",
    "book-part",
    "book-section",
    "book-track",
    "reference-entry",
    "proceedings-article",
)
_DATES = ("issued", "published", "published-online", "published-print", "posted")
_TITLE_END = ":.?!"


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of a work.

    Raises:
        OtherObject: it is no paper, but a journal, a figure or a review.
        ValueError: it has no title.
    """
    kind = fields.optional_text(data, "type")
    if kind in _NO_PAPERS:
        raise OtherObject("journals, parts of works, reviews or grants of Crossref")
    title, subtitle = (" ".join(fields.first_text(data, name).split()) for name in ("title", "subtitle"))
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title}{' ' if title[-1] in _TITLE_END else ': '}{subtitle}"
    # A preprint server is no journal.
    container = [] if kind == "posted-content" else fields.texts_in(data, "container-title")
    if kind in _IN_BOOKS:
        container = container[-1:]  # the title of the series, if any, comes first
    event = fields.first_text(fields.optional_object(data, "event"), "name")
    item = {
        **data,
        "title": title,
        "container-title": container,
        "event-title": event,
        "arxiv": _arxiv_id(data),
    }
    item.pop("number", None)
    item["keyword"] = [f"{word};" for word in fields.texts_in(data, "subject")]
    record = csl_json.to_record(item, SOURCE_KIND, origin, index)
    dates = [csl_json.date_of(data.get(name)) for name in _DATES]
    earliest = min(filter(None, dates), default=None)
    same_year = (date for date in dates if date and earliest and date[:4] == earliest[:4])
    return ImportedEntry((replace(record, published=dates[0] or most_precise(*same_year)),))


def _arxiv_id(data: Mapping[str, Any]) -> str:
    """Return the id of the preprint that a work names, or empty."""
    relations = fields.optional_object(data, "relation")
    named = (
        fields.optional_text(item, "id")
        for name in ("has-preprint", "is-version-of", "is-same-as")
        for item in fields.objects_in(relations, name)
    )
    return next((found for text in named if (found := parse_arxiv_id(text))), "")

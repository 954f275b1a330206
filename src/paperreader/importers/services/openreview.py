"""Convert notes of OpenReview: submissions as both versions of its API and its Python client return them.

https://docs.openreview.net/reference/api-v2/entities/note. In version 2 each value is inside `{"value": …}`. Reviews,
decisions and comments are notes as well, which reply to a submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.json.other_objects import OtherObject
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.names import authors_of
from paperreader.models import ImportedEntry

SOURCE_KIND = "openreview"

_NO_VENUE = re.compile(
    r"submitted|under review|withdrawn|reject|desk|retracted|blind submission", re.IGNORECASE
)
"""Values of `venue` of papers that did not appear there."""

_DATES = ("pdate", "odate", "cdate", "tcdate")


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of a submission.

    Raises:
        OtherObject: it is a reply to one.
        ValueError: it has no title.
    """
    if data.get("replyto"):
        raise OtherObject("reviews, decisions or comments of OpenReview")
    content = {name: _plain(value) for name, value in fields.optional_object(data, "content").items()}
    title = fields.optional_text(content, "title")
    if not title.strip():
        raise ValueError("title is missing")
    venue = fields.first_text(content, "venue")
    identifier = fields.first_text(data, "forum", "id")
    page = f"https://openreview.net/forum?id={identifier}" if identifier.replace("-", "").isalnum() else ""
    code = fields.first_text(content, "code", "code_link", "software", "code_of_paper")
    names = [
        name for name in authors_of(content.get("authors")) if name.lower() not in ("anonymous", "authors")
    ]
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=fields.optional_text(content, "abstract"),
        authors=names,
        keywords=fields.texts_in(content, "keywords"),
        ids=[
            fields.first_text(content, name)
            for name in ("arxiv", "arxiv_id", "arxiv_link", "preprint", "html")
        ],
        dois=[fields.first_text(content, "doi")],
        urls=[page, code, fields.first_text(content, "html", "project_page", "website")],
        published=next(
            (date for name in _DATES if (date := checked_date(fields.first_text(data, name)))), None
        ),
        repository=code,
        booktitle="" if _NO_VENUE.search(venue) else venue,
    )
    summary = fields.first_text(
        content, "TL;DR", "TLDR", "tldr", "one-sentence_summary", "one_sentence_summary"
    )
    return ImportedEntry((reference_fields.with_counts(record, {"summary": summary}),))


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value

"""Convert rows of the dumps of Papers with Code: `papers-with-abstracts` and `links-between-papers-and-code`.

https://github.com/paperswithcode/paperswithcode-data. The second has one row for each repository of a paper; its API
returns the rows of the first inside `results`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.names import authors_of
from paperreader.models import ImportedEntry

SOURCE_KIND = "papers-with-code"

_MONTH = re.compile(r"\s+[0-9]{1,2}$")
"""The month behind the proceedings: `NeurIPS 2017 12`."""


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of a row.

    Raises:
        ValueError: it has no title.
    """
    title = fields.first_text(data, "title", "paper_title")
    if not title:
        raise ValueError("title is missing")
    repository = fields.first_text(data, "repo_url")
    pages = [
        fields.first_text(data, name) for name in ("url_abs", "paper_url_abs", "url_pdf", "paper_url_pdf")
    ]
    proceedings = fields.first_text(data, "proceeding", "conference")
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=fields.optional_text(data, "abstract"),
        authors=authors_of(data.get("authors")),
        keywords=fields.texts_in(data, "tasks"),
        ids=[fields.first_text(data, name) for name in ("arxiv_id", "paper_arxiv_id")],
        dois=[fields.first_text(data, "doi")],
        urls=[*pages[:2], repository] if any(pages[:2]) else [*pages[2:], repository],
        published=checked_date(fields.first_text(data, "date", "published")),
        # Other repositories than those of the authors are links like any other.
        repository=repository if data.get("is_official") is True else "",
        booktitle=_MONTH.sub("", proceedings) if " " in proceedings else "",
    )
    return ImportedEntry((record,))

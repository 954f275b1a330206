"""Convert a row of arXiv's metadata snapshot on Kaggle: one JSON object a line.

https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from paperreader.checked_values import checked
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.models import ImportedEntry, SourceRecord
from paperreader.text.categories import find_categories
from paperreader.text.dates import MONTHS, parse_iso
from paperreader.text.ids import parse_arxiv_id, parse_arxiv_version, parse_doi

SOURCE_KIND = "kaggle"

_CREATED = re.compile(r"(?:\w{3}, )?([0-9]{1,2}) (\w{3}) ([0-9]{4})\b", re.ASCII)
_MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)}
_VERSION = re.compile(r"v([0-9]{1,3})", re.ASCII)
_COMMA_OR_AND = re.compile(r",\s+and\s+|,\s+|\s+and\s+")


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the entry of a row; see `to_record`."""
    return ImportedEntry((to_record(data, origin, index),))


def to_record(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of a row; its text stays unchanged, with line breaks.

    Raises:
        ValueError: it has no title.
    """
    title = fields.optional_text(data, "title")
    if not title.strip():
        raise ValueError("title is missing")
    id = fields.optional_text(data, "id")
    abstract = fields.optional_text(data, "abstract")
    comments = fields.optional_text(data, "comments")
    links, _ = fields.collect_links(
        f"{title}\n{abstract}\n{comments}" if comments else f"{title}\n{abstract}"
    )
    record = SourceRecord(
        title=title,
        source=origin.to_source(SOURCE_KIND, index),
        abstract=abstract,
        arxiv=parse_arxiv_id(id),
        # Some rows have several, one for each publication of the paper.
        doi=next(
            (found for word in fields.optional_text(data, "doi").split() if (found := parse_doi(word))), ""
        ),
        authors=_authors(data),
        links=links,
        published=_published(data),
        categories=find_categories([fields.optional_text(data, "categories")]),
        arxiv_version=_latest_version(data, id),
        arxiv_updated=_version_day(data, -1) or "",
    )
    return with_journal_ref(record, fields.optional_text(data, "journal-ref"))


def _published(data: Mapping[str, Any]) -> str | None:
    """Return the day of the first version; if the versions are missing, that of the last update."""
    return _version_day(data, 0) or fields.iso_day(fields.optional_text(data, "update_date"))


def _version_day(data: Mapping[str, Any], index: int) -> str | None:
    """Return the day of the first (0) or last version (-1), if it is stated."""
    versions = fields.optional_list(data, "versions")
    if not versions or not isinstance(versions[index], dict):
        return None
    found = _CREATED.match(fields.optional_text(versions[index], "created"))
    if found is None or found[2] not in _MONTH_NUMBERS:
        return None
    return checked("date", f"{found[3]}-{_MONTH_NUMBERS[found[2]]:02}-{int(found[1]):02}", parse_iso, None)


def _latest_version(data: Mapping[str, Any], id: str) -> int:
    """Return the number of the last version (`v3`); if they are missing, that of the id; 0 if neither is known."""
    versions = fields.optional_list(data, "versions")
    named = (
        fields.optional_text(versions[-1], "version") if versions and isinstance(versions[-1], dict) else ""
    )
    return int(found[1]) if (found := _VERSION.fullmatch(named)) else parse_arxiv_version(id)


def _authors(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names as they are written on the paper; parsed ones are `[family, given, suffix, …]`."""
    names = []
    for parts in fields.optional_list(data, "authors_parsed"):
        texts = [part for part in parts[:3] if isinstance(part, str)] if isinstance(parts, list) else []
        if texts:
            names.append(" ".join(part for part in (*texts[1:2], texts[0], *texts[2:]) if part))
    return tuple(filter(None, names)) or tuple(
        filter(None, map(str.strip, _split_names(fields.optional_text(data, "authors"))))
    )


def _split_names(text: str) -> list[str]:
    # Printable text has no white space but blanks: the pattern takes several times as long.
    is_plain = text.isprintable() and "and" not in text
    return text.split(", ") if is_plain else _COMMA_OR_AND.split(text)

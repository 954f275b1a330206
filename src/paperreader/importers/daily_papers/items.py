"""Convert objects of the Hugging Face API: items of `daily_papers` and of searches, and single papers.

An item is `{"paper": {…}, "title", "numComments", …}`; a single paper (`/api/papers/{id}`) is only the inner object.
Fields have changed over the years, so each one is used if it exists and has the right type.
https://huggingface.co/docs/hub/api
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.models import ImportedEntry, SourceRecord
from paperreader.object_formats import HUGGING_FACE
from paperreader.text.ids import parse_arxiv_id, parse_arxiv_version

SOURCE_KIND = HUGGING_FACE

FIRST_DAY_WITH_SUBMISSION_DATES = "2025-03-17"
"""Since this day, each item of a Daily Papers page contains the date when it was listed."""


def wrapped_date(day: str) -> str | None:
    """Return the listing date of an item without its own, on a page of this day: the day, or None on later pages."""
    found = fields.iso_day(day)
    return found if found and found < FIRST_DAY_WITH_SUBMISSION_DATES else None


def with_observation(origin: SourceOrigin, items: list[Any]) -> SourceOrigin:
    """Return the origin of a list of items whose votes were counted not before the latest timestamp in it.

    The date of the file says less, because copies and archives are newer than their content.
    """
    if origin.observed_at:
        return origin
    papers = [_paper_object(item) for item in items if isinstance(item, dict)]
    moments = [
        moment
        for paper in papers
        if fields.iso_day(moment := fields.optional_text(paper, "submittedOnDailyAt"))
    ]
    return replace(origin, observed_at=max([*moments, origin.stated_date or ""]))


def to_entry(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the entry of an item; see `to_record`."""
    return ImportedEntry((to_record(data, origin, index),))


def to_record(data: Mapping[str, Any], origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an item.

    Args:
        data: an item or a single paper.
        origin: where it was read.
        index: its index there, from 0.

    Raises:
        ValueError: it has no title.
    """
    paper = _paper_object(data)
    title = fields.optional_text(paper, "title") or fields.optional_text(data, "title")
    if not title.strip():
        raise ValueError("title is missing")
    abstract = fields.optional_text(paper, "summary") or fields.optional_text(data, "summary")
    listed = fields.iso_day(fields.optional_text(paper, "submittedOnDailyAt"))
    if not listed and paper is not data:
        listed = wrapped_date(origin.stated_date or "")
    comments = fields.optional_int(data, "numComments")
    links, repository = fields.collect_links(
        f"{title}\n{abstract}",
        repository=fields.optional_text(paper, "githubRepo").strip(),
        project=fields.optional_text(paper, "projectPage").strip(),
    )
    return SourceRecord(
        title=title,
        source=origin.to_source(SOURCE_KIND, index, listed),
        abstract=abstract,
        arxiv=parse_arxiv_id(fields.optional_text(paper, "id")),
        arxiv_version=parse_arxiv_version(fields.optional_text(paper, "id")),
        authors=_authors(paper),
        links=links,
        repo=repository,
        published=fields.iso_day(fields.optional_text(paper, "publishedAt")),
        observed=origin.counted_at,
        votes=fields.optional_int(paper, "upvotes"),
        comments=fields.optional_int(paper, "numComments") if comments is None else comments,
        stars=fields.optional_int(paper, "githubStars"),
        keywords=tuple(
            word
            for word in fields.optional_list(paper, "ai_keywords")
            if isinstance(word, str) and word.strip()
        ),
        summary=fields.optional_text(paper, "ai_summary"),
    )


def with_wrapped_date(origin: SourceOrigin, day: str) -> SourceOrigin:
    """Return the origin of items in an object that contains their day."""
    return replace(origin, stated_date=fields.iso_day(day) or origin.stated_date)


def _paper_object(data: Mapping[str, Any]) -> Mapping[str, Any]:
    paper = data.get("paper")
    return paper if isinstance(paper, dict) else data


def _authors(paper: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names. `hidden` only says that the paper is not on the profile of the author."""
    authors = fields.optional_list(paper, "authors")
    names = [author if isinstance(author, str) else _name(author) for author in authors]
    return tuple(name for name in names if name.strip())


def _name(author: Any) -> str:
    return fields.optional_text(author, "name") if isinstance(author, dict) else ""

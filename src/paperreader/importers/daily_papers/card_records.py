"""Records of the cards of a Hugging Face page, with what its header says: its day and kind."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from paperreader.import_formats import TEXT_PAGE
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.cards import Card
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields
from paperreader.models import SourceRecord
from paperreader.text.dates import explicit_year, month_day, most_recent_date, parse_iso, valid_partial_date
from paperreader.text.ids import arxiv_month
from paperreader.text.listing_days import listing_day_by_ids

SOURCE_KIND = TEXT_PAGE

MAX_SUMMARY_CHARS = 400
"""A page of trending papers has a summary of one or two sentences instead of most abstracts."""

MAX_HEADER_LINES = 400
"""Lines at the beginning of a page in which its URL, its heading and its date are looked for."""

HEADING_LINES = 2
"""Lines above the name of the community that contain the title of the page."""

_PAGE_DAY = re.compile(r"huggingface\.co/papers(?:/date/|\?date=)([0-9]{4}-[0-9]{2}-[0-9]{2})\b", re.ASCII)
_PAPER = re.compile(r"/papers/[0-9]{4}\.[0-9]{4,5}|%2Fpapers%2F[0-9]")
_TRENDING = re.compile(r"(?<!get )trending papers|/papers/trending", re.IGNORECASE)


class PageFacts(NamedTuple):
    """What all cards of a page have in common."""

    day: str | None
    """The listing date."""
    is_day_assumed: bool
    """Whether the page does not state its year."""
    is_trending: bool


def page_facts(page: str, cards: Sequence[Card], saved: datetime.date) -> PageFacts:
    """Return what the header of a page says: its kind, and its day, which may be in the URL that a program adds."""
    lines = page.split("\n")[:MAX_HEADER_LINES]
    heading = next((at for at, line in enumerate(lines) if line_signs.is_heading(line)), 0)
    invitation = next((at for at, line in enumerate(lines) if "email inbox" in line.lower()), heading)
    url_day = next((found[1] for line in lines[:invitation] if (found := _PAGE_DAY.search(line))), "")
    written = "" if parse_iso(url_day) else _date_below(lines[heading:])
    is_assumed = bool(written) and explicit_year(written) is None
    day = parse_iso(url_day) or _listing_day(written, [card.id for card in cards if card.id], saved)
    titles = [line for line in lines[:heading] if line.strip()][-HEADING_LINES:]
    return PageFacts(day, is_assumed, any(_TRENDING.search(line) for line in titles))


def _date_below(lines: list[str]) -> str:
    """Return the date above the papers, as it is written; empty if there is none."""
    for line in lines:
        shown = line_signs.without_pictures(line)
        if month_day(shown):
            return shown
        is_card = line_signs.sign_of(line) in ("authors", "submitted", "votes") or _PAPER.search(line)
        if line.strip() and is_card:
            break
    return ""


def _listing_day(written: str, arxiv_ids: Sequence[str], saved: datetime.date) -> str | None:
    """Return a date such as `Oct 2` or `Feb 27, 2025` as ISO text; None if it is none or its year is uncertain."""
    parts = month_day(written)
    if parts is None:
        return None
    if year := explicit_year(written):
        return datetime.date(year, *parts).isoformat()
    return listing_day_by_ids(*parts, arxiv_ids) if arxiv_ids else most_recent_date(*parts, saved)


def _published(card: Card) -> str | None:
    """Return the date below a paper. If it has no year, it is that of its first version, or of a later one."""
    parts, year = month_day(card.date), explicit_year(card.date)
    if parts is None or not (year or card.id):
        return first_version_date(None, card.id)
    submitted = arxiv_month(card.id) if card.id else ""
    day = valid_partial_date(year or int(submitted[:4]), *parts)
    return first_version_date(day, card.id)


def card_record(card: Card, origin: SourceOrigin, index: int, page: PageFacts) -> SourceRecord:
    """Return the record of a card."""
    is_summary = page.is_trending and len(card.abstract) <= MAX_SUMMARY_CHARS
    record = fields.to_record(
        origin.to_source(
            SOURCE_KIND,
            index,
            origin.stated_date or page.day,
            is_date_assumed=page.is_day_assumed and not origin.stated_date,
        ),
        title=card.title,
        abstract="" if is_summary else card.abstract,
        authors=(),
        ids=[card.id] if card.id else (),
        urls=[card.repository],
        published=_published(card),
        repository=card.repository,
    )
    return replace(
        record,
        votes=card.votes,
        observed=origin.counted_at if card.votes is not None else "",
        summary=card.abstract if is_summary else "",
    )

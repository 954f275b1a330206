"""Parse what the user wants to fetch: ids and URLs of papers, and URLs of Daily Papers pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from paperreader.text.dates import parse_iso
from paperreader.text.ids import parse_arxiv_id

MAX_PASTED_CHARS = 20_000
"""Characters of a pasted text that are searched."""

_DAILY_PAPERS_URL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/papers/"
    r"(?:(date|week|month)/([0-9W-]{7,10})|(trending))/?(?:[?#]\S*)?",
    re.IGNORECASE | re.ASCII,
)
_MAX_URL_LENGTH = 300
_SURROUNDING_PUNCTUATION = "<>()[]{},;:.\"'`“”‘’"
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)


class PaperRef(Struct, frozen=True):
    """A paper, or a page of Daily Papers."""

    kind: Literal["paper", "date", "week", "month", "trending"]
    value: str
    """The arXiv id, day, week or month; empty for the trending papers."""

    def __str__(self) -> str:
        return {"paper": self.value, "trending": "the trending papers"}.get(
            self.kind, f"the papers of {self.value}"
        )


def parse_ref(text: str) -> PaperRef | None:
    """Parse the whole of `text`; None if it names nothing that can be fetched.

    Accepted are arXiv ids, URLs and DOIs, URLs of papers on Hugging Face, and of its Daily Papers pages.
    """
    text = text.strip()
    if name := parse_arxiv_id(text):
        return PaperRef("paper", name)
    found = _DAILY_PAPERS_URL.fullmatch(text) if len(text) <= _MAX_URL_LENGTH else None
    if found is None:
        return None
    if found[3]:
        return PaperRef("trending", "")
    kind, value = found[1].lower(), found[2].upper()
    if kind == "date":
        return PaperRef("date", value) if parse_iso(value) else None
    if kind == "week":
        return PaperRef("week", value) if first_day_of_week(value) else None
    return PaperRef("month", value) if first_day_of_month(value) else None


def addable(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ids, DOIs and URLs that can be fetched."""
    return tuple(name for name in names if parse_ref(name) is not None)


def find_refs(pasted: str) -> Iterator[PaperRef]:
    """Yield what the words of a pasted text name, without duplicates."""
    seen = set()
    for word in pasted[:MAX_PASTED_CHARS].split():
        for text in (word, word.strip(_SURROUNDING_PUNCTUATION)):
            ref = parse_ref(text)
            if ref is not None and ref not in seen:
                seen.add(ref)
                yield ref
            if ref is not None:
                break


def first_day_of_week(text: str) -> dt.date | None:
    """Return the Monday of an ISO week (`2026-W47`); None if there is no such week."""
    found = _WEEK.fullmatch(text)
    try:
        return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def first_day_of_month(text: str) -> dt.date | None:
    """Return the first day of a month (`2026-11`); None if there is no such month."""
    try:
        return dt.date.fromisoformat(f"{text}-01") if _MONTH.fullmatch(text) else None
    except ValueError:
        return None

"""Build records and marks from the fields of references (BibTeX, RIS, CSV)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from msgspec.structs import replace

from paperreader.checked_values import checked, count
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references.entry_types import AT_SCHOOLS
from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import Mark, Source, SourceRecord, Timestamp
from paperreader.text.categories import find_categories
from paperreader.text.ids import arxiv_month, highest_version, parse_arxiv_id, parse_doi
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.urls import parse_link

_ARXIV_MENTION = lazy_pattern(
    r"\barXiv(?:\.org/(?:abs|pdf)/|\s?:\s?|(?:\s+(?:preprint|e-?prints?|id))?\s+(?:arXiv:)?)"
    r"([\w.-]{1,30}/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?![0-9])",
    re.IGNORECASE,
)
_ARXIV_VENUE = lazy_pattern(
    r"(?:(?:e-?|pre-?)prints?\b[\s:,]*(?:(?:at|on|in|available|from)\b\s*){0,3})?(?:https?://)?(?:www\.)?arXiv\b"
    r"|(?:CoRR|ArXiv e-prints)$|Computing Research Repository",
    re.IGNORECASE,
)
_KEYWORDS = lazy_pattern(r"[;\n]")
_CATEGORIES = lazy_pattern(r"[a-z-]{2,10}(?:\.[A-Za-z-]{2,8})(?: [a-z-]{2,10}(?:\.[A-Za-z-]{2,8})?)+")
_URL_SEPARATOR = lazy_pattern(r"[;,]\s+|\s+|[;,|]+(?=https?://|www\.)")
_ESCAPED_SCHEME = lazy_pattern(r"https?%3A%2F%2F", re.IGNORECASE)
_BARE_ADDRESS = lazy_pattern(r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?:[/?#]\S*)?")
_PAGE_RANGE = lazy_pattern(r"(\w*[0-9]\w*)\s*[-–—]+\s*(\w*[0-9]\w*)")
_ISSN = lazy_pattern(r"[0-9]{4}-?[0-9]{3}[0-9Xx](?:\s*\([^()]{1,20}\))?")
_ISBN = lazy_pattern(r"(?:97[89][- ]?)?[0-9][0-9 -]{7,12}[0-9Xx](?:\s*\([^()]{1,20}\))?")
_NUMBER = lazy_pattern(r"[+-]?[0-9]+", re.ASCII)
_MAX_COUNT_DIGITS = 11
_YES = frozenset(("yes", "true", "1", "x", "y"))


def to_record(
    source: Source,
    *,
    title: str,
    abstract: str,
    authors: Iterable[str],
    keywords: Iterable[str] = (),
    categories: Iterable[str] = (),
    ids: Iterable[str],
    dois: Iterable[str] = (),
    urls: Iterable[str] = (),
    prose: str = "",
    mentions: Iterable[str] = (),
    published: str | None,
    repository: str = "",
    journal: str = "",
    booktitle: str = "",
    dated_by_id: bool = True,
) -> SourceRecord:
    """Return a record from the fields of a reference.

    Args:
        authors: names, given name first.
        categories: texts that contain categories of arXiv, the primary one first.
        ids: texts that may be the id or the URL of an arXiv paper, the most reliable first. The highest version that
            is named is kept.
        dois: texts that may be a DOI.
        urls: of the paper, its code or its page.
        prose: text about the paper, whose URLs become links.
        mentions: prose that may contain `arXiv:ID`.
        published: ISO day, month or year, if known.
        repository: the URL of the code, if the reference names it as such.
        journal, booktitle: ignored if they only refer to arXiv.
        dated_by_id: whether an arXiv id dates a paper without a date, by its month.
    """
    urls, ids = [url for url in urls if url], [*ids, *dois]
    found = _arxiv_id([*ids, *urls], mentions)
    links, repo = fields.collect_links(f"{title}\n{abstract}\n{prose}", tuple(urls), repository)
    # A data set has a DOI of its own, which is not that of the paper.
    papers = [url for url in urls if (link := parse_link(url)) and link.kind != "data"]
    named = next((name for text in [*_split_dois(dois), *papers] if (name := parse_doi(text))), "")
    own = {name for name in (found, named) if name}
    return SourceRecord(
        title=title,
        source=source,
        abstract=abstract,
        arxiv=found,
        doi=named,
        authors=tuple(filter(None, authors)),
        # The URL of the paper's own page follows from its id.
        links=tuple(
            link for link in links if own.isdisjoint((parse_arxiv_id(link.url), parse_doi(link.url)))
        ),
        repo=repo,
        published=published or (arxiv_month(found) if found and dated_by_id else None),
        keywords=tuple(dict.fromkeys(filter(None, map(str.strip, keywords)))),
        journal=_venue(journal),
        booktitle=_venue(booktitle),
        categories=find_categories(categories),
        arxiv_version=highest_version(found, [*ids, *urls]) if found else 0,
    )


def with_publication(
    record: SourceRecord, *, entry_type: str = "", editors: Iterable[str] = (), **texts: str
) -> SourceRecord:
    """Return a record with its type, its editors, and the other fields of its publication, each on one line.

    First and last page are separated by two hyphens, as in BibTeX. A publisher that is arXiv is ignored.
    """
    shown = {name: " ".join(text.split()) for name, text in texts.items()}
    if pages := _PAGE_RANGE.fullmatch(shown.get("pages", "")):
        shown["pages"] = f"{pages[1]}--{pages[2]}"
    shown["publisher"] = _venue(shown.get("publisher", ""))
    return replace(record, entry_type=entry_type, editors=tuple(filter(None, editors)), **shown)


def publisher_or_school(publisher: str, work: str, entry_type: str) -> dict[str, str]:
    """Return the fields of who published a work: for a thesis or a report, these are `school` and `report_type`.

    Args:
        publisher: publisher, school or institution.
        work: the type of the work as the source names it, such as `Technical report`.
        entry_type: its type in BibTeX.
    """
    if entry_type in AT_SCHOOLS:
        return {"school": publisher, "report_type": work}
    return {"publisher": publisher}


def split_standard_numbers(texts: Iterable[str], entry_type: str) -> dict[str, str]:
    """Return `isbn` and `issn` from fields that may have either; what looks like neither is taken by the type."""
    found: dict[str, list[str]] = {"isbn": [], "issn": []}
    for text in texts:
        for word in filter(None, map(str.strip, re.split(r"[;,]\s*|\s+(?=[0-9])", text))):
            serial = _ISSN.fullmatch(word) or (entry_type == "article" and not _ISBN.fullmatch(word))
            found["issn" if serial else "isbn"].append(word)
    return {name: ", ".join(dict.fromkeys(words)) for name, words in found.items()}


def is_arxiv_venue(name: str) -> bool:
    """Whether the name of a journal only refers to arXiv: `arXiv preprint arXiv:…`, and DBLP's names of it."""
    return _ARXIV_VENUE.match(" ".join(name.split())) is not None


def _split_dois(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts that may be a DOI, and their words, since some have several."""
    for text in texts:
        yield text
        yield from text.replace(",", " ").split()


def _venue(text: str) -> str:
    return "" if is_arxiv_venue(text) else " ".join(text.split())


def _arxiv_id(texts: Iterable[str], mentions: Iterable[str]) -> str:
    """Return the first text that is an id, else the first id mentioned in prose; empty if there is none."""
    found = next((name for text in texts if (name := parse_arxiv_id(text))), "")
    if found:
        return found
    inside = next((match for text in mentions if (match := _ARXIV_MENTION.search(text))), None)
    return parse_arxiv_id(inside[1]) if inside else ""


def to_mark(
    title: str, note: str, tags: Iterable[str], origin: SourceOrigin, *, bookmarked: str = "", read: str = ""
) -> Mark | None:
    """Return the mark of a reference; None if it has none. `bookmarked` and `read` are texts such as `yes`.

    Such files have no timestamps for it. The timestamp is the beginning of the day when the file was saved, so that
    later marks of the user win.
    """
    timestamp = timestamp_of(origin.modified)
    note = sanitize(note).strip("\n").rstrip()
    named = {name: (True, timestamp) for tag in tags if (name := single_line(tag))}
    is_bookmarked, is_read = (text.strip().lower() in _YES for text in (bookmarked, read))
    if not (note or named or is_bookmarked or is_read):
        return None
    return Mark(
        title=title,
        bookmark=(True, timestamp) if is_bookmarked else (False, 0),
        read=(True, timestamp) if is_read else (False, 0),
        note=(note, timestamp) if note else ("", 0),
        tags=named,
    )


def with_counts(record: SourceRecord, fields_by_name: Mapping[str, str]) -> SourceRecord:
    """Return a record with votes, comments, stars and summary from the fields with these names."""
    votes, comments, stars = (
        _count(name, fields_by_name.get(name, "").strip()) for name in ("votes", "comments", "stars")
    )
    return replace(
        record, votes=votes, comments=comments, stars=stars, summary=fields_by_name.get("summary", "").strip()
    )


def _count(name: str, text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    return checked(name, float(text) if len(text) > _MAX_COUNT_DIGITS else int(text), count, None)


def remove_tags(keywords: list[str], tags: list[str]) -> list[str]:
    """Return keywords without the tags at their end, which exported files append."""
    for end in range(max(len(keywords) - len(tags), 0), len(keywords)):
        own = keywords[:end]
        if keywords[end:] == [tag for tag in tags if tag not in own]:
            return own
    return keywords


def timestamp_of(day: str) -> Timestamp:
    """Return the beginning of an ISO day (UTC) in milliseconds."""
    return int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC).timestamp() * 1000)


def split_keywords(text: str) -> list[str]:
    """Split keywords at semicolons or newlines, or if there are none, at commas; categories of arXiv at blanks."""
    if _CATEGORIES.fullmatch(text.strip()):
        return text.split()
    return _KEYWORDS.split(text) if _KEYWORDS.search(text.strip()) else text.split(",")


def keywords_of(texts: list[str]) -> list[str]:
    """Return the keywords of fields with one or several each; commas separate them only if there is one field."""
    if len(texts) == 1:
        return split_keywords(texts[0])
    return [word for text in texts for word in _KEYWORDS.split(text)]


def split_urls(text: str) -> list[str]:
    """Return the URLs in a field for them, separated by blanks, commas or semicolons, all with a scheme."""
    words = (word.strip(",;<>") for word in _URL_SEPARATOR.split(text.replace("&amp;", "&")))
    if "%2" in text:
        words = (unquote(word) if _ESCAPED_SCHEME.match(word) else word for word in words)
    return [f"https://{word}" if _BARE_ADDRESS.fullmatch(word) else word for word in words if word]

"""Import arXiv feeds: responses of the query API (Atom), and the daily announcements (RSS, or Atom like it).

https://info.arxiv.org/help/api/user-manual.html and https://info.arxiv.org/help/rss.html
"""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Iterator
from html import unescape

from paperreader.importers.arxiv.feed_parser import ARXIV, ATOM, DUBLIN_CORE, FeedItem, parse_items
from paperreader.importers.input.content import Content, SourceOrigin, source_origin
from paperreader.importers.json import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import SUFFIX, remove_affiliations, split_authors
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.categories import find_categories
from paperreader.text.cell_width import truncate_cells
from paperreader.text.ids import arxiv_month, highest_version, parse_arxiv_id, parse_doi
from paperreader.text.listing_days import may_be_listed_on
from paperreader.text.sanitize import single_line

SOURCE_KIND = "arxiv"

_ERROR_ID = "/api/errors"
_ANNOUNCED = re.compile(r"\s*arXiv:(\S{1,40})\s+(?:Announce Type:\s*(\S+)\s+)?Abstract:\s?")
_TITLE_END = re.compile(r"[\s.]*\(arXiv:(\S{1,40})(?: \[[^\]]{1,40}\])?(?: ([A-Z ]{1,20}))?\)\s*$")
_TAGS = re.compile(r"</?(?:p|a|b|i|em|br|span)\b[^<>]{0,500}>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^<>]{0,300}?\bhref=[\"']([^\"'<>]{1,500})[\"'][^<>]{0,200}>this \w{3,5} URL</a>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_NAME_SEPARATOR = re.compile(r",\s|\n|\s+and\s+")
_CREATOR = re.compile(r"<a\b[^<>]{0,500}>([^<>]{1,300})</a>", re.IGNORECASE)
_NEW, _UPDATED = "new", "replace"


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a feed, which has no entries if no paper matched the request.

    Args:
        content: the file.
        date: listing date of its papers given by the user; a feed itself has none.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is no feed, or a malicious one.
    """
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    index = 0
    for item in parse_items(content):
        if isinstance(item, Problem):
            yield item
            continue
        try:
            yield ImportedEntry((_record(item, origin, index),))
        except ValueError as error:
            yield Problem(content.name, item.line, str(error))
        index += 1


def _record(item: FeedItem, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an entry.

    Raises:
        ValueError: it is an error message, or not from arXiv.
    """
    atom = bool(item.text(ATOM, "id"))
    space, summary = (ATOM, item.text(ATOM, "summary")) if atom else ("", item.text("", "description"))
    id = item.text(ATOM, "id") if atom else item.text("", "guid")
    title = item.text(space, "title")
    if _ERROR_ID in id:
        raise ValueError(
            f"arXiv returned an error: {truncate_cells(single_line(summary.strip()), 200) or 'no reason given'}"
        )
    ids = [id, item.text("", "link")]
    primary = item.texts(ARXIV, "primary_category")
    updated = False
    if not atom:
        title, summary = _unescape(title), _plain_text(summary)
        if ending := _TITLE_END.search(title[-120:]):
            ids.append(ending[1])
            updated = bool(ending[2]) or not re.search(r"v1\Z|\.[0-9]+\Z", ending[1])
            primary.append(ending[0])
            title = title[: len(title) - len(ending[0])]
    announced = _ANNOUNCED.match(summary)
    if announced:
        ids.append(announced[1])
        summary = summary[announced.end() :]
    name = next(filter(None, map(parse_arxiv_id, ids)), "")
    if not name:
        what = f"“{truncate_cells(single_line(title.strip()), 60)}”" if title.strip() else "an entry"
        raise ValueError(f"{what} has no arXiv id; it was not imported")
    if not title.strip():
        raise ValueError(f"{name} has no title")
    kind = announced[2] if announced else _UPDATED if updated else None
    abstract = summary.strip("\n")
    links, _ = fields.collect_links("\n".join([title, abstract, *item.texts(ARXIV, "comment")]))
    record = SourceRecord(
        title=title,
        source=origin.to_source(SOURCE_KIND, index),
        abstract=abstract,
        arxiv=name,
        doi=_doi(item),
        authors=_authors(item),
        links=links,
        published=_published(item, kind, name) or arxiv_month(name),
        categories=find_categories([*primary, *item.texts(space, "category")]),
        arxiv_version=highest_version(name, ids),
        # An announcement states the day on which it was published in its place.
        arxiv_updated="" if announced else fields.iso_day(item.text(ATOM, "updated").strip()) or "",
    )
    return with_journal_ref(record, item.text(ARXIV, "journal_ref") or item.text(ARXIV, "journal_reference"))


def _doi(item: FeedItem) -> str:
    summary = (item.text(ARXIV, "doi") or item.text(ARXIV, "DOI")).split()
    return next((found for word in summary if (found := parse_doi(word))), "")


def _plain_text(html: str) -> str:
    """Return the text of a description, which older feeds write in HTML, with the URLs of "this https URL".

    Entities that are left in it were escaped twice.
    """
    return _unescape(_TAGS.sub("", _LINK.sub(r"\1", html)))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def _published(item: FeedItem, announce: str | None, arxiv_id: str) -> str | None:
    """Return the day of the first version; None if a feed does not know it, since it announces a later version.

    New papers are announced the day after, so that the day is in the month of the id or in the next one.
    """
    kind = announce or item.text(ARXIV, "announce_type")
    if kind and kind != _NEW:
        return None
    if summary := item.text(ATOM, "published"):
        return fields.iso_day(summary.strip())
    for written in (item.text("", "pubDate"), item.feed_day):
        parts = email.utils.parsedate(written[:60])
        if found := fields.iso_day(
            f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}" if parts else written.strip()
        ):
            return found if may_be_listed_on(arxiv_id, found) else None
    return None


def _authors(item: FeedItem) -> tuple[str, ...]:
    names = item.texts(ATOM, "name") or _creators("\n".join(item.texts(DUBLIN_CORE, "creator")))
    return tuple(filter(None, (" ".join(name.split()) for name in names)))


def _creators(text: str) -> list[str]:
    """Return the names of a list, of which some or all may be links, given name first."""
    text = unescape(_TAGS.sub("", _CREATOR.sub(r"\n\1\n", text)))
    if ";" in text:
        return split_authors(text)
    names: list[str] = []
    for part in _NAME_SEPARATOR.split(remove_affiliations(text)):
        if names and SUFFIX.fullmatch(part.strip()):
            names[-1] += f" {part.strip()}"
        elif name := part.strip(" ,"):
            names.append(name)
    return names

"""arXiv's feeds: answers of the query API (Atom), and the daily announcements (RSS, or Atom in its manner).

https://info.arxiv.org/help/api/user-manual.html and https://info.arxiv.org/help/rss.html
"""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Iterator

from paperreader.importers.arxiv.feed_parser import ARXIV, ATOM, DUBLIN_CORE, FeedError, FeedItem, parse_items
from paperreader.importers.input.content import Content, SourceOrigin, source_origin
from paperreader.importers.json import fields
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.cell_width import truncate_cells
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.sanitize import single_line

SOURCE_KIND = "arxiv"

_ERRORS = "/api/errors"
_ANNOUNCED = re.compile(r"\s*arXiv:(\S{1,40})\s+(?:Announce Type:\s*(\S+)\s+)?Abstract:\s?")
_TITLE_END = re.compile(r"[\s.]*\(arXiv:(\S{1,40})(?: \[[^\]]{1,40}\])?(?: [A-Z ]{1,20})?\)\s*$")
_TAGS = re.compile(r"</?(?:p|a|b|i|em|br|span)\b[^<>]{0,500}>", re.IGNORECASE)
_NEW = "new"


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """The papers of a feed; a feed without entries is the answer to a question that nothing fits.

    Args:
        content: the file.
        date: the listing day of its papers, where the reader gave one; a feed itself has none.
        today: stands for the day the file was saved where there is none.

    Raises:
        OSError: the file cannot be read.
        Refused: it is no feed, or one that no server of good will sends.
    """
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    met = False
    try:
        for place, item in enumerate(parse_items(content.file)):
            met = True
            try:
                yield ImportedEntry((_record(item, origin, place),))
            except ValueError as error:
                yield Problem(content.name, item.line, str(error))
    except FeedError as error:
        words = f"is not whole XML ({single_line(str(error))})"
        yield Problem(content.name, error.line, f"{words}; what follows was not read" if met else words)


def _record(item: FeedItem, origin: SourceOrigin, place: int) -> SourceRecord:
    """The record of an entry.

    Raises:
        ValueError: it is an error message, or not of arXiv.
    """
    atom = bool(item.text(ATOM, "id"))
    space, told = (ATOM, item.text(ATOM, "summary")) if atom else ("", item.text("", "description"))
    id = item.text(ATOM, "id") if atom else item.text("", "guid")
    title = item.text(space, "title")
    if _ERRORS in id:
        raise ValueError(
            f"arXiv answered with an error: {truncate_cells(single_line(told.strip()), 200) or 'no reason given'}"
        )
    name = parse_arxiv_id(id) or parse_arxiv_id(item.text("", "link"))
    if not atom:
        told = _TAGS.sub("", told)
        if ending := _TITLE_END.search(title[-120:]):
            name = name or parse_arxiv_id(ending[1])
            title = title[: len(title) - len(ending[0])]
    announced = _ANNOUNCED.match(told)
    if announced:
        name, told = name or parse_arxiv_id(announced[1]), told[announced.end() :]
    if not name:
        what = f"“{truncate_cells(single_line(title.strip()), 60)}”" if title.strip() else "an entry"
        raise ValueError(f"{what} has no arXiv id; it was not taken")
    if not title.strip():
        raise ValueError(f"{name} has no title")
    abstract = told.strip("\n")
    links, _ = fields.collect_links("\n".join([title, abstract, *item.texts(ARXIV, "comment")]))
    return SourceRecord(
        title=title,
        source=origin.to_source(SOURCE_KIND, place),
        abstract=abstract,
        arxiv=name,
        doi=_doi(item),
        authors=_authors(item),
        links=links,
        published=_published(item, announced[2] if announced else None),
    )


def _doi(item: FeedItem) -> str:
    told = (item.text(ARXIV, "doi") or item.text(ARXIV, "DOI")).split()
    return next((found for word in told if (found := parse_doi(word))), "")


def _published(item: FeedItem, announce: str | None) -> str | None:
    """The day of the first version. An announcement knows it for new papers only, of which its own day is the next."""
    kind = announce or item.text(ARXIV, "announce_type")
    if kind and kind != _NEW:
        return None
    if told := item.text(ATOM, "published"):
        return fields.iso_day(told.strip())
    if not kind:
        return None
    parts = email.utils.parsedate(item.text("", "pubDate")[:60])
    return fields.iso_day(f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}") if parts else None


def _authors(item: FeedItem) -> tuple[str, ...]:
    names = item.texts(ATOM, "name")
    if not names:
        lines = _TAGS.sub("", "\n".join(item.texts(DUBLIN_CORE, "creator")))
        names = re.split(r",\s|\n", lines)
    return tuple(filter(None, (" ".join(name.split()) for name in names)))

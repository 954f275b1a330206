"""arXiv's feeds: answers of the query API (Atom), and the daily announcements (RSS, or Atom in its manner).

https://info.arxiv.org/help/api/user-manual.html and https://info.arxiv.org/help/rss.html
"""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Iterator

from paperreader.importers.arxiv.feed_parser import ARXIV, ATOM, DUBLIN_CORE, Broken, Item, items
from paperreader.importers.input.content import Content, Origin, origin_of
from paperreader.importers.json import fields
from paperreader.models import Entry, Problem, Record
from paperreader.text.cell_width import cut
from paperreader.text.ids import arxiv_id, doi
from paperreader.text.sanitize import printable

KIND = "arxiv"

_ERRORS = "/api/errors"
_ANNOUNCED = re.compile(r"\s*arXiv:(\S{1,40})\s+(?:Announce Type:\s*(\S+)\s+)?Abstract:\s?")
_TITLE_END = re.compile(r"[\s.]*\(arXiv:(\S{1,40})(?: \[[^\]]{1,40}\])?(?: [A-Z ]{1,20})?\)\s*$")
_TAGS = re.compile(r"</?(?:p|a|b|i|em|br|span)\b[^<>]{0,500}>", re.IGNORECASE)
_NEW = "new"


def read(content: Content, *, date: str | None, today: datetime.date) -> Iterator[Entry | Problem]:
    """The papers of a feed; a feed without entries is the answer to a question that nothing fits.

    Args:
        content: the file.
        date: the listing day of its papers, where the reader gave one; a feed itself has none.
        today: stands for the day the file was saved where there is none.

    Raises:
        OSError: the file cannot be read.
        Refused: it is no feed, or one that no server of good will sends.
    """
    origin = origin_of(content, content.stored_digest(), date=date, today=today)
    met = False
    try:
        for place, item in enumerate(items(content.file)):
            met = True
            try:
                yield Entry((_record(item, origin, place),))
            except ValueError as error:
                yield Problem(content.name, item.line, str(error))
    except Broken as error:
        words = f"is not whole XML ({printable(str(error))})"
        yield Problem(content.name, error.line, f"{words}; what follows was not read" if met else words)


def _record(item: Item, origin: Origin, place: int) -> Record:
    """The record of an entry.

    Raises:
        ValueError: it is an error message, or not of arXiv.
    """
    atom = bool(item.first(ATOM, "id"))
    space, told = (ATOM, item.first(ATOM, "summary")) if atom else ("", item.first("", "description"))
    id = item.first(ATOM, "id") if atom else item.first("", "guid")
    title = item.first(space, "title")
    if _ERRORS in id:
        raise ValueError(
            f"arXiv answered with an error: {cut(printable(told.strip()), 200) or 'no reason given'}"
        )
    name = arxiv_id(id) or arxiv_id(item.first("", "link"))
    if not atom:
        told = _TAGS.sub("", told)
        if ending := _TITLE_END.search(title[-120:]):
            name = name or arxiv_id(ending[1])
            title = title[: len(title) - len(ending[0])]
    announced = _ANNOUNCED.match(told)
    if announced:
        name, told = name or arxiv_id(announced[1]), told[announced.end() :]
    if not name:
        what = f"“{cut(printable(title.strip()), 60)}”" if title.strip() else "an entry"
        raise ValueError(f"{what} has no arXiv id; it was not taken")
    if not title.strip():
        raise ValueError(f"{name} has no title")
    abstract = told.strip("\n")
    links, _ = fields.links_of("\n".join([title, abstract, *item.all(ARXIV, "comment")]))
    return Record(
        title=title,
        source=origin.source(KIND, place),
        abstract=abstract,
        arxiv=name,
        doi=_doi(item),
        authors=_authors(item),
        links=links,
        published=_published(item, announced[2] if announced else None),
    )


def _doi(item: Item) -> str:
    told = (item.first(ARXIV, "doi") or item.first(ARXIV, "DOI")).split()
    return next((found for word in told if (found := doi(word))), "")


def _published(item: Item, announce: str | None) -> str | None:
    """The day of the first version. An announcement knows it for new papers only, of which its own day is the next."""
    kind = announce or item.first(ARXIV, "announce_type")
    if kind and kind != _NEW:
        return None
    if told := item.first(ATOM, "published"):
        return fields.day(told.strip())
    if not kind:
        return None
    parts = email.utils.parsedate(item.first("", "pubDate")[:60])
    return fields.day(f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}") if parts else None


def _authors(item: Item) -> tuple[str, ...]:
    names = item.all(ATOM, "name")
    if not names:
        lines = _TAGS.sub("", "\n".join(item.all(DUBLIN_CORE, "creator")))
        names = re.split(r",\s|\n", lines)
    return tuple(filter(None, (" ".join(name.split()) for name in names)))

"""What BibTeX and RIS have in common: fields with names, out of which a record is made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.models import Mark, Source, SourceRecord, Timestamp
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.urls import parse_link

_ARXIV_INSIDE = re.compile(r"\barXiv:\s?([\w.-]{1,30}/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?![0-9])", re.IGNORECASE)
_NO_VENUE = re.compile(r"arXiv\b|(?:CoRR|ArXiv e-prints)$", re.IGNORECASE)
_KEYWORDS = re.compile(r"[;\n]")
_YES = frozenset(("yes", "true", "1", "x", "y"))


def to_record(
    source: Source,
    *,
    title: str,
    abstract: str,
    authors: Iterable[str],
    keywords: Iterable[str],
    ids: Iterable[str],
    dois: Iterable[str],
    addresses: Iterable[str],
    mentions: Iterable[str],
    published: str | None,
    repository: str = "",
    journal: str = "",
    booktitle: str = "",
) -> SourceRecord:
    """A record from the fields of a reference.

    Args:
        source: where it was read.
        title: not empty.
        abstract: may be empty.
        authors: names, given name first.
        keywords: its subject words.
        ids: texts that as a whole may name an arXiv paper, the surest first.
        dois: texts that as a whole may be a DOI.
        addresses: of the paper, its code or its page.
        mentions: prose in which `arXiv:ID` may stand.
        published: ISO day, month or year, as far as it is known.
        repository: the address of the code, where the reference names it as such.
        journal: where it appeared; what says that it stands at arXiv is none.
        booktitle: the proceedings or the book it appeared in.
    """
    addresses = [address for address in addresses if address]
    found = _arxiv_id([*ids, *dois, *addresses], mentions)
    links, repo = fields.collect_links(f"{title}\n{abstract}", tuple(addresses), repository)
    # A data set has a DOI of its own, which is not the paper's.
    papers = [address for address in addresses if (link := parse_link(address)) and link.kind != "data"]
    named = next((name for text in [*dois, *papers] if (name := parse_doi(text))), "")
    own = {name for name in (found, named) if name}
    return SourceRecord(
        title=title,
        source=source,
        abstract=abstract,
        arxiv=found,
        doi=named,
        authors=tuple(filter(None, authors)),
        # The paper's own page follows from its id.
        links=tuple(
            link for link in links if own.isdisjoint((parse_arxiv_id(link.url), parse_doi(link.url)))
        ),
        repo=repo,
        published=published,
        keywords=tuple(dict.fromkeys(filter(None, map(str.strip, keywords)))),
        journal=_venue(journal),
        booktitle=_venue(booktitle),
    )


def _venue(text: str) -> str:
    """The name of a journal or a book; empty for `arXiv preprint arXiv:…` and for what DBLP calls arXiv."""
    name = " ".join(text.split())
    return "" if _NO_VENUE.match(name) else name


def _arxiv_id(texts: Iterable[str], mentions: Iterable[str]) -> str:
    """The first id that a text is as a whole, else the first that is mentioned in prose; empty for none."""
    found = next((name for text in texts if (name := parse_arxiv_id(text))), "")
    if found:
        return found
    inside = next((match for text in mentions if (match := _ARXIV_INSIDE.search(text))), None)
    return parse_arxiv_id(inside[1]) if inside else ""


def to_mark(
    title: str, note: str, tags: Iterable[str], origin: SourceOrigin, *, bookmarked: str = "", done: str = ""
) -> Mark | None:
    """What whoever wrote the reference said of the paper; None if nothing. `bookmarked` and `done` (read) may say yes.

    No such file tells when that was. It counts as said at the beginning of the day the file was saved, so that what
    the reader says later wins.
    """
    when = timestamp_of(origin.modified)
    note = sanitize(note).strip("\n").rstrip()
    named = {name: (True, when) for tag in tags if (name := single_line(tag))}
    kept, read = (said.strip().lower() in _YES for said in (bookmarked, done))
    if not (note or named or kept or read):
        return None
    return Mark(
        title=title,
        bookmark=(True, when) if kept else (False, 0),
        read=(True, when) if read else (False, 0),
        note=(note, when) if note else ("", 0),
        tags=named,
    )


def with_counts(record: SourceRecord, told: Mapping[str, str]) -> SourceRecord:
    """A record with the votes, comments, stars and the summary that stand under these names."""
    votes, comments, stars = (_count(told.get(name, "").strip()) for name in ("votes", "comments", "stars"))
    return replace(
        record, votes=votes, comments=comments, stars=stars, summary=told.get("summary", "").strip()
    )


def _count(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        return None
    return int(text) if int(text) <= fields.MAX_COUNT else None


def remove_tags(keywords: list[str], tags: list[str]) -> list[str]:
    """The subject words alone, where tags that are none of them stand behind them as our own exports have it."""
    for end in range(max(len(keywords) - len(tags), 0), len(keywords)):
        own = keywords[:end]
        if keywords[end:] == [tag for tag in tags if tag not in own]:
            return own
    return keywords


def timestamp_of(day: str) -> Timestamp:
    """The beginning of an ISO day (UTC) in milliseconds."""
    return int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC).timestamp() * 1000)


def given_name_first(name: str) -> str:
    """`Shi, Yichen` and `King, Martin Luther, Jr.` the way they are written on a paper."""
    parts = [" ".join(part.split()) for part in name.split(",")]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}".strip()
    if len(parts) == 3:
        return " ".join(
            filter(None, (parts[2], parts[0], parts[1]))
            if len(parts[1]) > 4
            else filter(None, (parts[1], parts[0], parts[2]))
        )
    return " ".join(name.split())


def split_keywords(text: str) -> list[str]:
    """Keywords that stand in one text, parted by semicolons or lines, or where there are none by commas."""
    return _KEYWORDS.split(text) if _KEYWORDS.search(text.strip()) else text.split(",")

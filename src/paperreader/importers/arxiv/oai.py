"""Import responses of arXiv's OAI-PMH interface, in the metadata formats `arXiv`, `arXivRaw`, `arXivOld` and `oai_dc`.

https://info.arxiv.org/help/oa/index.html. `created` is the day of the first version in old responses and of the latest
one in newer ones.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from msgspec.structs import replace

from paperreader.checked_values import checked_date
from paperreader.importers.arxiv.feed_parser import DUBLIN_CORE, FeedItem, XmlLayout, parse_items
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.input.content import Content, SourceOrigin, source_origin
from paperreader.importers.references import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import given_name_first, split_authors
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.sanitize import single_line

SOURCE_KIND = "arxiv-oai"

OAI = "http://www.openarchives.org/OAI/2.0/"
_LAYOUT = XmlLayout(
    {(OAI, name) for name in ("OAI-PMH", "ListRecords", "GetRecord", "record")},
    {(OAI, "record")},
    "is XML, but no response of an OAI-PMH interface",
    {(OAI, "error")},
)

_NAMESPACES = tuple(f"http://arxiv.org/OAI/{name}/" for name in ("arXiv", "arXivRaw", "arXivOld"))
_RAW = _NAMESPACES[1]
"""It lists every version."""
_DAY = re.compile(r"\b[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}\b", re.ASCII)


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a response, and a problem for a record that cannot be read or an error of the service.

    Args:
        content: the file.
        date: listing date of its papers given by the user.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is no such response, or a malicious one.
    """
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    deleted = 0
    for index, item in enumerate(parse_items(content, _LAYOUT)):
        if isinstance(item, Problem):
            yield item
        elif message := item.text(OAI, "error"):
            yield Problem(content.name, item.line, f"arXiv returned an error: {single_line(message)[:200]}")
        elif _is_deleted(item):
            deleted += 1
        else:
            try:
                yield ImportedEntry((_record(item, origin, index),))
            except ValueError as error:
                yield Problem(content.name, item.line, str(error))
    if deleted:
        yield Problem(
            content.name, None, f"contains {deleted:,} deleted records without a title, which were ignored"
        )


def _is_deleted(item: FeedItem) -> bool:
    """Whether it has nothing but the header, which every record has."""
    return all(space == OAI for (space, _), _ in item.fields)


def _record(item: FeedItem, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an item.

    Raises:
        ValueError: it has no title, or no arXiv id.
    """
    title = _text(item, "title")
    name = next(filter(None, map(parse_arxiv_id, _ids(item))), "")
    if not title or not name:
        raise ValueError(
            f"{name or 'a record'} has no {'title' if name else 'arXiv id'}; it was not imported"
        )
    dublin_core = item.text(DUBLIN_CORE, "title") != ""
    comments = item.texts(DUBLIN_CORE, "description")[1:] if dublin_core else [_text(item, "comments")]
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=_text(item, "description" if dublin_core else "abstract"),
        authors=_authors(item),
        ids=[name, *_ids(item), f"{name}v{len(item.texts(_RAW, 'version'))}"],
        dois=[
            word for word in f"{_text(item, 'doi')} {' '.join(_ids(item))}".split() if _is_published_doi(word)
        ],
        prose="\n".join(comments),
        published=first_version_date(_created(item), name),
        categories=_texts(item, "categories"),
    )
    record = replace(record, arxiv_updated=_day(next(reversed(item.texts(_RAW, "date")), "")) or "")
    return with_journal_ref(record, _text(item, "journal-ref"))


def _texts(item: FeedItem, name: str) -> list[str]:
    """Return the texts of the elements with this name, in any of the metadata formats."""
    return [text.strip() for (space, found), text in item.fields if found == name and space != OAI]


def _text(item: FeedItem, name: str) -> str:
    return next(iter(_texts(item, name)), "")


def _ids(item: FeedItem) -> list[str]:
    """Return what may be the id: that of the metadata first, then that of the header."""
    return [text.strip() for (_, name), text in item.fields if name == "id"] + [
        text.strip() for (_, name), text in item.fields if name == "identifier"
    ]


def _is_published_doi(text: str) -> bool:
    return bool(parse_doi(text)) and not parse_arxiv_id(text)


def _created(item: FeedItem) -> str | None:
    """Return the day of the first version as the response states it."""
    first = _text(item, "date")
    return _day(first) or checked_date(first or _text(item, "created"))


def _day(time: str) -> str | None:
    """Return the day of the time of a version, such as `Mon, 2 Nov 2026 12:00:00 GMT`."""
    found = _DAY.search(time)
    return checked_date(found[0]) if found else None


def _authors(item: FeedItem) -> list[str]:
    names: list[dict[str, str]] = []
    for (space, name), text in item.fields:
        if space not in _NAMESPACES:
            continue
        if name == "author":
            names.append({})
        elif names and name in ("keyname", "forenames", "suffix"):
            names[-1][name] = text.strip()
    if names:
        ordered = ("forenames", "keyname", "suffix")
        return [" ".join(parts[part] for part in ordered if parts.get(part)) for parts in names]
    if creators := item.texts(DUBLIN_CORE, "creator"):
        return [given_name_first(creator.strip()) for creator in creators]
    return split_authors(" ".join(_text(item, "authors").split()))

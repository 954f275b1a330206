"""Import the XML of EndNote, which Mendeley, Papers and many scripts write as well.

https://support.clarivate.com/Endnote/s/article/EndNote-XML-Document-Type-Definition
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from paperreader.checked_values import checked_date, checked_date_parts
from paperreader.importers.arxiv.feed_parser import FeedItem, XmlLayout, parse_items
from paperreader.importers.input.content import Content, SourceOrigin, source_origin
from paperreader.importers.references import fields
from paperreader.importers.references.entry_types import IN_BOOKS
from paperreader.importers.references.names import split_name_lines
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise
from paperreader.text.jats import remove_markup

SOURCE_KIND = "endnote-xml"

_LAYOUT = XmlLayout(
    frozenset(("", name) for name in ("xml", "records", "record")),
    frozenset((("", "record"),)),
    "is XML, but not an export of EndNote",
)
_TYPES = {
    **dict.fromkeys((17, 19, 23, 43), "article"),
    **dict.fromkeys((6, 28, 44), "book"),
    **dict.fromkeys((5, 7, 60), "incollection"),
    **dict.fromkeys((10, 47), "inproceedings"),
    27: "techreport",
    32: "phdthesis",
}
"""Entry types by EndNote's numbers of reference types."""
_CONTAINERS = frozenset(
    ("authors", "secondary-authors", "tertiary-authors", "subsidiary-authors", "translated-authors")
)


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the records of a file; one without a title is a problem.

    Args:
        content: the file.
        date: listing date given by the user.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is no such file, or a malicious one.
    """
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    index = 0
    for item in parse_items(content, _LAYOUT):
        if isinstance(item, Problem):
            yield item
            continue
        if _text(item, "title"):
            yield ImportedEntry((_record(item, origin, index),))
        else:
            yield Problem(content.name, item.line, "a record without a title")
        index += 1


def _record(item: FeedItem, origin: SourceOrigin, index: int) -> SourceRecord:
    number = _text(item, "ref-type")
    kind = _TYPES.get(int(number), "") if number.isdecimal() and len(number) < 4 else ""
    container = _text(item, "full-title", "secondary-title", "alt-title", "abbr-1")
    people = _people(item)
    edited = number == "28"  # an edited book
    dates = [checked_date(text) for text in _texts(item, "date")]
    year = _text(item, "year")
    made = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=_text(item, "title"),
        abstract=remove_markup("\n".join(text.strip() for text in item.texts("", "abstract"))),
        authors=[] if edited else people.get("authors", []),
        keywords=fields.keywords_of(item.texts("", "keyword")),
        ids=_texts(item, "electronic-resource-num", "accession-num", "url"),
        dois=_texts(item, "electronic-resource-num"),
        urls=[url for text in _texts(item, "url") for url in fields.split_urls(text)],
        mentions=_texts(item, "full-title", "secondary-title", "accession-num", "notes"),
        published=most_precise(
            checked_date_parts(year, _text(item, "date"), ""),
            *(date for date in dates if not year or (date and date.startswith(year))),
        ),
        journal=container if kind in ("", "article") else "",
        booktitle=_text(item, "secondary-title", "full-title") if kind in IN_BOOKS else "",
    )
    return fields.with_publication(
        made,
        entry_type=kind,
        editors=people.get("authors" if edited else "secondary-authors", []),
        volume=_text(item, "volume"),
        number=_text(item, "number", "issue"),
        pages=_text(item, "pages"),
        edition=_text(item, "edition"),
        **fields.publisher_or_school(_text(item, "publisher"), _text(item, "work-type"), kind),
        **fields.split_standard_numbers(_texts(item, "isbn"), kind),
    )


def _people(item: FeedItem) -> dict[str, list[str]]:
    """Return the names, given name first, by the element around them."""
    found: dict[str, list[str]] = {}
    container = "authors"
    for (_, name), text in item.fields:
        if name in _CONTAINERS:
            container = name
        elif name == "author" and text.strip():
            line = " ".join(text.split())
            found.setdefault(container, []).append(line if "," in line[:-1] else line.rstrip(","))
    return {container: split_name_lines(lines) for container, lines in found.items()}


def _texts(item: FeedItem, *names: str) -> list[str]:
    texts = (" ".join(text.split()) for name in names for text in item.texts("", name))
    return [remove_markup(text) for text in texts if text]


def _text(item: FeedItem, *names: str) -> str:
    return next(iter(_texts(item, *names)), "")

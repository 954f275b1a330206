"""Build entries from items of Zotero, whose fields its RDF and its JSON name differently."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.entry_types import IN_BOOKS, entry_type_of
from paperreader.models import ImportedEntry
from paperreader.text.html_notes import html_to_markdown
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.jats import strip_tags

NO_PAPERS = frozenset(("attachment", "note", "annotation"))
"""Types of items that are parts of others."""

_DOI_LINE = re.compile(r"^DOI:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class ZoteroItem(Struct, frozen=True):
    """An item. Texts are empty if they are unknown."""

    kind: str
    """Its `itemType`, such as `journalArticle`."""
    title: str
    texts: Mapping[str, str]
    """`abstract`, `date`, `doi`, `extra`, `number`, `pages`, `volume`, `publisher`, `edition`, `isbn`, `issn`, `type`,
    `archive_id`."""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    container: str = ""
    """The journal, proceedings or book."""
    conference: str = ""
    urls: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """URLs of attachments, which may be those of an arXiv paper."""
    tags: tuple[str, ...] = ()
    automatic_tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """HTML."""


def to_entry(item: ZoteroItem, source_kind: str, origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of an item, with the user's notes and tags."""
    kind = entry_type_of(item.kind)

    def text(name: str) -> str:
        return item.texts.get(name, "").strip()

    if kind == "phdthesis" and "master" in text("type").lower():
        kind = "mastersthesis"
    title, extra = strip_tags(item.title), text("extra")
    arxiv = [text(name) for name in ("archive_id", "number")]
    record = reference_fields.to_record(
        origin.to_source(source_kind, index),
        title=title,
        abstract=text("abstract"),
        authors=item.authors,
        keywords=item.automatic_tags,
        ids=[*arxiv, *item.urls, *filter(parse_arxiv_id, item.attachments)],
        dois=[text("doi"), *_DOI_LINE.findall(extra)],
        urls=item.urls,
        prose=extra,
        mentions=[extra, item.container],
        published=checked_date(text("date")),
        journal=item.container if kind == "article" else "",
        booktitle=(item.container or item.conference) if kind in IN_BOOKS else "",
    )
    number = text("number")
    record = reference_fields.with_publication(
        record,
        entry_type=kind,
        editors=item.editors,
        **{name: text(name) for name in ("volume", "pages", "edition", "isbn", "issn")},
        **reference_fields.publisher_or_school(text("publisher"), text("type"), kind),
        number="" if parse_arxiv_id(number) else number,
    )
    note = "\n\n".join(filter(None, (html_to_markdown(note).strip() for note in item.notes)))
    return ImportedEntry((record,), reference_fields.to_mark(title, note, item.tags, origin))

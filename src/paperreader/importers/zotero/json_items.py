"""Convert items of Zotero's JSON: responses of its web API (`{"key", "version", "data": {…}}`) and Better BibTeX JSON.

https://www.zotero.org/support/dev/web_api/v3/basics, https://retorque.re/zotero-better-bibtex/exporting/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.json.other_objects import OtherObject
from paperreader.importers.zotero import items as zotero_items
from paperreader.models import ImportedEntry

SOURCE_KIND = "zotero-json"

_TEXTS = {
    "abstract": ("abstractNote",),
    "date": ("date", "issueDate"),
    "doi": ("DOI",),
    "extra": ("extra",),
    "number": ("issue", "reportNumber", "number"),
    "pages": ("pages",),
    "volume": ("volume",),
    "publisher": ("publisher", "university", "institution"),
    "edition": ("edition",),
    "isbn": ("ISBN",),
    "issn": ("ISSN",),
    "type": ("thesisType", "reportType", "type"),
    "archive_id": ("archiveID", "archiveLocation"),
}
_CONTAINERS = ("publicationTitle", "proceedingsTitle", "bookTitle", "encyclopediaTitle", "dictionaryTitle")
_AUTOMATIC = 1
"""Type of a tag that Zotero added itself."""

Fields = Mapping[str, Any]


def to_entry(data: Fields, origin: SourceOrigin, index: int) -> ImportedEntry:
    """Return the paper of an item, with the user's notes and tags.

    Raises:
        OtherObject: it is a file or a note that belongs to an item.
        ValueError: it has no title.
    """
    inner = fields.optional_object(data, "data")
    item = inner if "itemType" in inner else data
    kind = fields.optional_text(item, "itemType")
    if kind in zotero_items.NO_PAPERS:
        raise OtherObject("attachments or separate notes of Zotero")
    title = fields.first_text(item, "title", "caseName", "nameOfAct", "subject")
    if not title:
        raise ValueError("title is missing")
    tags = fields.optional_list(item, "tags")
    named = [(tag, 0) if isinstance(tag, str) else (_tag(tag), _tag_type(tag)) for tag in tags]
    attachments = fields.objects_in(item, "attachments")
    notes = fields.optional_list(item, "notes")
    return zotero_items.to_entry(
        zotero_items.ZoteroItem(
            kind,
            title,
            {name: fields.first_text(item, *names) for name, names in _TEXTS.items()},
            authors=_creators(item, "author", "artist", "programmer", "presenter"),
            editors=_creators(item, "editor"),
            container=fields.first_text(item, *_CONTAINERS),
            conference=fields.first_text(item, "conferenceName"),
            urls=tuple(fields.texts_in(item, "url")),
            attachments=tuple(fields.first_text(attachment, "url") for attachment in attachments),
            tags=tuple(name for name, sort in named if name and sort != _AUTOMATIC),
            automatic_tags=tuple(name for name, sort in named if name and sort == _AUTOMATIC),
            notes=tuple(note if isinstance(note, str) else _note(note) for note in notes),
        ),
        SOURCE_KIND,
        origin,
        index,
    )


def _creators(item: Fields, *kinds: str) -> tuple[str, ...]:
    people = [person for person in fields.objects_in(item, "creators") if person.get("creatorType") in kinds]
    names = (
        " ".join(
            fields.optional_text(person, part).strip() for part in ("firstName", "lastName", "name")
        ).split()
        for person in people
    )
    return tuple(" ".join(words) for words in names if words)


def _tag(tag: Any) -> str:
    return fields.optional_text(tag, "tag") if isinstance(tag, dict) else ""


def _tag_type(tag: Any) -> int:
    return fields.optional_int(tag, "type") or 0 if isinstance(tag, dict) else 0


def _note(note: Any) -> str:
    return fields.optional_text(note, "note") if isinstance(note, dict) else ""

"""Import files of EndNote (`.enw`), which many publishers offer: a percent sign and a letter before each field.

The tags are those of refer, https://en.wikipedia.org/wiki/Refer_(software), with some of EndNote's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields
from paperreader.importers.references.entry_types import IN_BOOKS, entry_type_of
from paperreader.importers.references.names import split_name_lines
from paperreader.importers.references.tagged_lines import Layout, TaggedRecord, read_records
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise

SOURCE_KIND = "enw"

_LAYOUT = Layout(re.compile(r"%([0-9A-Za-z!@#$&()*+<>?\[\]^~=])(?:[ \t]|\Z)[ \t]*(.*)"), "0", any_order=True)
_YEAR = re.compile(r"[0-9]{4}\Z")


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the references of a file; one without a title is a problem."""
    for index, record in enumerate(read_records(text, _LAYOUT)):
        if record.text("T"):
            yield ImportedEntry((_record(record, origin, index),))
        else:
            yield Problem(file, record.line, "a reference without a title")


def _record(record: TaggedRecord, origin: SourceOrigin, index: int) -> SourceRecord:
    kind = entry_type_of(record.text("0"))
    container = record.text("B")
    if _YEAR.match(container):  # some journals have their year here
        container = ""
    in_book = kind in IN_BOOKS
    made = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=record.text("T"),
        abstract="\n".join(record.lines("X")),
        authors=_people(record, "A"),
        keywords=fields.keywords_of(record.lines("K")),
        ids=record.texts("R", "M", "U"),
        dois=record.texts("R", "M"),
        urls=[url for line in record.lines("U") for url in fields.split_urls(line)],
        mentions=record.texts("J", "B", "M", "Z"),
        published=most_precise(*map(checked_date, record.texts("8", "D"))),
        journal="" if in_book else record.text("J") or (container if kind in ("", "article") else ""),
        booktitle=container or record.text("J") if in_book else "",
    )
    return fields.with_publication(
        made,
        entry_type=kind,
        editors=_people(record, "E"),
        volume=record.text("V"),
        number=record.text("N"),
        pages=record.text("P"),
        edition=record.text("7") if kind == "book" else "",
        **fields.publisher_or_school(record.text("I"), record.text("9"), kind),
        **fields.split_standard_numbers(record.texts("@"), kind),
    )


def _people(record: TaggedRecord, tag: str) -> list[str]:
    """Return names, given name first. A comma at the end marks the name of a group."""
    lines = record.lines(tag)
    return split_name_lines(line if "," in line[:-1] else line.rstrip(",") for line in lines)

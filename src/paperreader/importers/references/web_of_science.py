"""Import exports of Web of Science: plain text with tags of two letters, and tables whose columns are those tags.

https://support.clarivate.com/ScientificandAcademicResearch/s/article/Web-of-Science-Core-Collection-Field-Tags
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.checked_values import checked_date, checked_date_parts
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields
from paperreader.importers.references.entry_types import IN_BOOKS, entry_type_of
from paperreader.importers.references.names import given_name_first
from paperreader.importers.references.tagged_lines import Layout, TaggedRecord, read_records
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise

SOURCE_KIND = "wos"

_LAYOUT = Layout(re.compile(r"([A-Z][A-Z0-9])(?= |\Z) ?(.*)"), "PT", "ER")
_LISTS = frozenset(("AU", "AF", "BA", "BF", "BE", "ED", "CA", "GP"))
"""Fields of names, of which a table separates the values by semicolons."""
_TYPES = {"B": "book", "S": "incollection"}
"""Entry types by type of publication (`PT`), if the type of document says no more."""
_ANONYMOUS = "[Anonymous]"


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the records of a file; one without a title, or without an end, is a problem."""
    table = "\t" in text.lstrip("\ufeff\n ").partition("\n")[0]
    records = _table_records(text) if table else read_records(text, _LAYOUT)
    for index, record in enumerate(records):
        if not record.text("TI"):
            yield Problem(file, record.line, "a record without a title")
            continue
        yield ImportedEntry((_record(record, origin, index),))
        if not record.is_complete:
            yield Problem(file, record.line, "the record does not end with ER; it may be incomplete")


def _table_records(text: str) -> Iterator[TaggedRecord]:
    """Yield the rows of a table, whose cells are separated by tabs and never quoted."""
    header, *rows = text.lstrip("\ufeff\n ").split("\n")
    tags = [name.strip() for name in header.split("\t")]
    for number, row in enumerate(rows, 2):
        cells = dict(zip(tags, row.split("\t"), strict=False))
        if any(cell.strip() for cell in cells.values()):
            yield TaggedRecord(
                number,
                {tag: [cell.split(";") if tag in _LISTS else [cell]] for tag, cell in cells.items() if cell},
            )


def _record(record: TaggedRecord, origin: SourceOrigin, index: int) -> SourceRecord:
    kind = _entry_type(record.text("PT"), record.text("DT"))
    in_book = kind in IN_BOOKS
    authors = record.lines("AF") or record.lines("AU") or record.lines("BF") or record.lines("BA")
    source, conference = record.text("SO"), record.text("CT")
    made = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=record.text("TI"),
        abstract=record.text("AB"),
        authors=[given_name_first(name) for name in authors if name != _ANONYMOUS] or record.lines("CA"),
        keywords=[word for text in record.texts("DE") or record.texts("ID") for word in text.split(";")],
        ids=record.texts("AR", "DI"),
        dois=record.texts("DI", "D2"),
        mentions=record.texts("SO", "AR"),
        published=most_precise(
            checked_date_parts(record.text("PY"), record.text("PD"), ""),
            None if record.text("PY") else checked_date(record.text("EA")),
        ),
        journal="" if in_book or kind == "book" else source,
        booktitle=source or conference if in_book else "",
    )
    first, last = record.text("BP"), record.text("EP")
    return fields.with_publication(
        made,
        entry_type=kind,
        editors=[given_name_first(name) for name in record.lines("BE") or record.lines("ED")],
        volume=record.text("VL"),
        number=record.text("IS"),
        pages=(f"{first}–{last}" if last and last != first else first) if first else record.text("AR"),
        publisher=record.text("PU"),
        isbn=record.text("BN"),
        issn=", ".join(record.texts("SN", "EI")),
    )


def _entry_type(publication: str, document: str) -> str:
    """Return the entry type. A proceedings paper in a journal is an article."""
    if publication == "J":
        return "article"
    return entry_type_of(document) or _TYPES.get(publication, "")

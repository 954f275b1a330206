"""Import the citations of PubMed (`.nbib`, also called MEDLINE): tags of up to four letters, `PMID- 12345678`.

https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields
from paperreader.importers.references.entry_types import entry_type_of
from paperreader.importers.references.names import given_name_first
from paperreader.importers.references.tagged_lines import Layout, TaggedRecord, read_records
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise

SOURCE_KIND = "nbib"

_LAYOUT = Layout(re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)"), "PMID")
_KIND_OF_ID = re.compile(r"\s*\[(\w+)\]\s*\Z")
_SHORT_LAST_PAGE = re.compile(r"([0-9]+)-([0-9]+)")
_SUFFIX = re.compile(r"(,.*\S)\s+(Jr|Sr|II|III|IV|[0-9](?:nd|rd|th))\Z")
_INITIALS = re.compile(r"(\S.*?) ([A-Z]{1,4})((?: (?:Jr|Sr|II|III|IV|[0-9](?:nd|rd|th)))?)\Z")


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the citations of a file; one without a title is a problem."""
    for index, record in enumerate(read_records(text, _LAYOUT)):
        if _title(record):
            yield ImportedEntry((_record(record, origin, index),))
        else:
            yield Problem(file, record.line, "a citation without a title")


def _record(record: TaggedRecord, origin: SourceOrigin, index: int) -> SourceRecord:
    ids = [
        (found[1], text[: found.start()])
        for text in record.texts("LID", "AID")
        if (found := _KIND_OF_ID.search(text))
    ]
    kind = next(filter(None, map(entry_type_of, record.texts("PT"))), "")
    book = record.text("BTI") if record.text("TI") else ""
    made = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=_title(record),
        abstract=record.text("AB"),
        authors=[*_people(record, "FAU", "AU"), *record.texts("CN")],
        keywords=[word.lstrip("*") for word in record.texts("OT") or record.texts("MH")],
        ids=[text for _, text in ids],
        dois=[text for name, text in ids if name == "doi"],
        urls=[
            *(
                f"https://pubmed.ncbi.nlm.nih.gov/{text}/"
                for text in record.texts("PMID")
                if text.isdecimal()
            ),
            *(
                f"https://pmc.ncbi.nlm.nih.gov/articles/{text}/"
                for text in record.texts("PMC")
                if text.isalnum()
            ),
        ],
        mentions=record.texts("SO", "LID", "AID"),
        published=most_precise(checked_date(record.text("DP")), checked_date(record.text("DEP"))),
        journal="" if book else record.text("JT", "TA"),
        booktitle=book,
    )
    return fields.with_publication(
        made,
        entry_type="incollection" if book else kind or ("article" if record.text("JT", "TA") else ""),
        editors=_people(record, "FED", "ED"),
        volume=record.text("VI"),
        number=record.text("IP"),
        pages=_pages(record.text("PG")),
        publisher=record.text("PB"),
        issn=", ".join(record.texts("IS")),
        isbn=", ".join(record.texts("ISBN")),
        edition=record.text("EN"),
    )


def _title(record: TaggedRecord) -> str:
    """Return the title without the full stop after every title, and without the brackets around a translation."""
    title = record.text("TI", "BTI", "TT")
    title = title.removesuffix(".") if not title.endswith("..") else title
    return title[1:-1].removesuffix(".") if title.startswith("[") and title.endswith("]") else title


def _people(record: TaggedRecord, full: str, short: str) -> list[str]:
    """Return names, given name first, from `Lee, Ada B` or, where those are missing, `Lee AB`."""
    if names := record.texts(full):
        return [given_name_first(_SUFFIX.sub(r"\1, \2", name)) for name in names]
    return [_INITIALS.sub(_spell_initials, name) for name in record.texts(short)]


def _spell_initials(found: re.Match[str]) -> str:
    return f"{' '.join(f'{letter}.' for letter in found[2])} {found[1]}{found[3]}"


def _pages(text: str) -> str:
    """Return pages with all digits of the last one: `382-91` means 382 to 391."""
    found = _SHORT_LAST_PAGE.fullmatch(text)
    if not found or len(found[2]) >= len(found[1]):
        return text
    return f"{found[1]}-{found[1][: -len(found[2])]}{found[2]}"

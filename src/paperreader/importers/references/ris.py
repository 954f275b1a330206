"""Import RIS, as reference managers and publishers write it: `TY  - JOUR`, fields of two letters, `ER  -`.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.names import given_name_first, split_name_lines
from paperreader.importers.references.ris_notes import (
    Fields,
    has_exported_order,
    is_exported,
    user_note,
)
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise, parse_iso
from paperreader.text.jats import remove_markup

SOURCE_KIND = "ris"

_FIELD = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?", re.DOTALL)
_FIRST_LINE = re.compile(r"([ \t\u00a0\ufeff]*)TY  ?-")
_TITLES, _ABSTRACTS = ("TI", "T1", "CT"), ("AB", "N2")
_AUTHORS = ("AU", "A1")
_URLS = ("UR", "L1", "L2", "L3", "LK")
_DATES = ("DA", "Y1", "PY")
_JOURNALS, _BOOKS = ("T2", "JF", "JO", "JA", "J2"), ("C3", "T2", "BT")
_IN_JOURNALS, _IN_BOOKS = (
    ("JOUR", "EJOUR", "MGZN", "NEWS"),
    ("CONF", "CPAPER", "CHAP", "ECHAP", "ENCYC", "DICT"),
)
"""Types of references, https://en.wikipedia.org/wiki/RIS_(file_format)#Type_of_reference."""
_ENTRY_TYPES = {
    **dict.fromkeys(("JOUR", "EJOUR", "MGZN", "NEWS"), "article"),
    **dict.fromkeys(("CONF", "CPAPER"), "inproceedings"),
    **dict.fromkeys(("CHAP", "ECHAP", "ENCYC", "DICT"), "incollection"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK"), "book"),
    "RPRT": "techreport",
    "THES": "phdthesis",
}
"""The same types as BibTeX names them."""
_MASTER = re.compile(r"master|\bM\.?\s?(?:Sc|A|Phil|S)\b", re.IGNORECASE)
_DOI_TYPE = re.compile(r"\s*(?:doi\b|https?:|10\.[0-9])", re.IGNORECASE)
"""A DOI where the type of the work should be."""
_ONE_TEXT = frozenset((*_TITLES, *_ABSTRACTS))
"""Fields whose lines are one text."""
_WITH_MARKUP = frozenset((*_URLS, "N1"))
"""Fields that are read with their markup."""
_MENTIONS = ("JO", "JF", "T2", "M1", "AN", "N1", "C1")
_EXTRA = re.compile(
    r"(?:^|; )(listed|published|votes|comments|stars|bookmarked|read|categories|literal authors|literal editors): "
    r"([0-9-]{1,10}|yes|unknown|(?<=categories: )[A-Za-z. -]{2,200}|(?<=(?:author|editor)s: )[0-9 ]{1,9999})(?=; |$)"
)
"""Fields that exported files store in `M2`."""

_EDITORS = {"book": ("A3", "ED", "A2")}
"""Fields of the editors by type of entry; for a book, `A2` is the editor of its series."""
_EDITED_BY_AUTHORS = ("AU", "A1", "ED")
MASTERS_THESIS = "Master's thesis"
"""The type of work by which exported theses of this kind are recognised."""


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the references of a RIS file; one without a title is a problem."""
    for index, (line, fields, ended) in enumerate(_references(text)):
        if not any(_values(fields, _TITLES)):
            yield Problem(file, line, "a reference without a title")
            continue
        extra = dict(_EXTRA.findall("; ".join(fields.get("M2", ()))))
        exported = is_exported(fields, extra)
        if not (exported or has_exported_order(fields)):
            fields = _without_markup(fields)
        labels = _values(fields, ("LB",))
        tags = labels if exported else [tag for line in labels for tag in line.split(";") if tag.strip()]
        note = user_note(fields, exported=exported)
        bookmarked, read = extra.get("bookmarked", ""), extra.get("read", "")
        mark = reference_fields.to_mark(
            _text(fields, _TITLES), note, tags, origin, bookmarked=bookmarked, read=read
        )
        yield ImportedEntry(
            (
                reference_fields.with_counts(
                    _record(fields, tags, extra, origin, index, exported=exported), extra
                ),
            ),
            mark,
        )
        if not ended:
            yield Problem(file, line, "the reference does not end with ER; it may be incomplete")


def _references(text: str) -> Iterator[tuple[int, Fields, bool]]:
    """Yield the first line of each reference, its fields, and whether it has an end.

    A line that is not a field continues the previous one. All lines may be indented like the first.
    """
    start, fields, last, indent = 0, Fields(), "", ""
    for number, full_line in enumerate(text.split("\n"), 1):
        line = full_line.rstrip("\r")
        if not start and (first := _FIRST_LINE.match(line)):
            indent = first[1]
        line = line.removeprefix(indent)
        found = _FIELD.fullmatch(line)
        if found and found[1] in ("TY", "ER"):
            if start:
                yield start, fields, found[1] == "ER"
            kind = (found[2] or "").strip()
            start, fields, last = (number if found[1] == "TY" else 0), {"TY": [kind]}, ""
        elif not start:
            continue
        elif found:
            last = found[1]
            fields.setdefault(last, []).append(found[2] or "")
        elif last:
            # Exported lines that look like a field are indented by a blank.
            moved = line.startswith(" ") and _FIELD.match(line.lstrip(" "))
            fields[last].append(line[1:] if moved else line)
    if start:
        yield start, fields, False


def _record(
    fields: Fields,
    tags: list[str],
    extra: Mapping[str, str],
    origin: SourceOrigin,
    index: int,
    *,
    exported: bool,
) -> SourceRecord:
    (kind,) = fields["TY"]
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index, parse_iso(extra.get("listed", ""))),
        title=_text(fields, _TITLES),
        abstract=_text(fields, _ABSTRACTS),
        authors=_names(_values(fields, _AUTHORS), extra.get("literal authors", ""), exported=exported),
        keywords=reference_fields.remove_tags(_keywords(fields, exported=exported), tags),
        ids=_values(fields, ("AN", "M1")),
        dois=_values(fields, ("DO", "M3")),
        urls=[url for text in _values(fields, _URLS) for url in reference_fields.split_urls(text)],
        mentions=_values(fields, _MENTIONS),
        published=None if extra.get("published") == "unknown" else _published(fields),
        dated_by_id=extra.get("published") != "unknown",
        categories=[extra.get("categories", "")],
        journal=_text(fields, _JOURNALS) if kind in _IN_JOURNALS else "",
        booktitle=_text(fields, _BOOKS) if kind in _IN_BOOKS else "",
    )
    return _with_publication(record, fields, kind, extra)


def _with_publication(
    record: SourceRecord, fields: Fields, kind: str, extra: Mapping[str, str]
) -> SourceRecord:
    """Return a record with its type, and volume, pages and the like, of which some depend on the type."""
    entry_type = _ENTRY_TYPES.get(kind, "")
    work = "" if _DOI_TYPE.match(text := _text(fields, ("M3",))) else text
    if entry_type == "phdthesis" and _MASTER.search(work):
        entry_type, work = "mastersthesis", "" if work == MASTERS_THESIS else work
    numbers = _values(fields, ("SN",))
    number = _text(fields, ("IS", "CP"))
    if kind == "RPRT" and not number:
        number, numbers = "; ".join(numbers), []
    named = _EDITED_BY_AUTHORS if kind == "EDBOOK" else _EDITORS.get(entry_type, ("A2", "ED"))
    return reference_fields.with_publication(
        replace(record, authors=()) if kind == "EDBOOK" else record,
        entry_type=entry_type,
        editors=next(
            (
                names
                for name in named
                if (
                    names := _names(
                        _values(fields, (name,)), extra.get("literal editors", ""), exported=bool(extra)
                    )
                )
            ),
            [],
        ),
        volume=_text(fields, ("VL",)),
        number=number,
        pages=_pages(fields),
        edition=_text(fields, ("ET",)),
        **reference_fields.publisher_or_school(_text(fields, ("PB",)), work, entry_type),
        **reference_fields.split_standard_numbers(numbers, entry_type),
    )


def _published(fields: Fields) -> str | None:
    """Return the most precise date in the year of publication."""
    dates = [*map(checked_date, _values(fields, _DATES))]
    year = next((date[:4] for text in _values(fields, ("PY", "Y1")) if (date := checked_date(text))), "")
    return most_precise(*(date for date in dates if date and date.startswith(year)))


def _names(lines: list[str], literal: str, *, exported: bool) -> list[str]:
    """Return names, given name first. Those whose positions an export lists are as they are written."""
    if not exported:
        return split_name_lines(lines)
    places = set(literal.split())
    return [
        " ".join(line.split()) if str(place) in places else _exported_name(line)
        for place, line in enumerate(lines, 1)
    ]


def _exported_name(line: str) -> str:
    """Return a name that an export has turned over, whose parts are nothing else: `Lee, MD.` is `MD. Lee`."""
    family, comma, given = line.partition(", ")
    return f"{given} {family}" if comma and "," not in given else given_name_first(line)


def _without_markup(fields: Fields) -> Fields:
    """Return the fields of a reference without entities and tags, except notes and URLs."""
    if not any("&" in line or "</" in line for lines in fields.values() for line in lines):
        return fields
    return {
        name: lines
        if name in _WITH_MARKUP
        else remove_markup("\n".join(lines)).split("\n")
        if name in _ONE_TEXT
        else [remove_markup(line) for line in lines]
        for name, lines in fields.items()
    }


def _pages(fields: Fields) -> str:
    first, last = _text(fields, ("SP",)), _text(fields, ("EP",))
    return f"{first}--{last}" if first and last and last != first and last not in first.split("-") else first


def _keywords(fields: Fields, *, exported: bool) -> list[str]:
    words = (
        reference_fields.split_keywords(line) if ";" in line and not exported else [line]
        for line in _values(fields, ("KW",))
    )
    return [word.strip() for line in words for word in line if word.strip()]


def _values(fields: Fields, names: tuple[str, ...]) -> list[str]:
    return [text for name in names for text in fields.get(name, ()) if text.strip()]


def _text(fields: Fields, names: tuple[str, ...]) -> str:
    """Return the first of these fields that is not empty, with its continuation lines."""
    for name in names:
        text = "\n".join(fields.get(name, ())).strip()
        if text:
            return text
    return ""

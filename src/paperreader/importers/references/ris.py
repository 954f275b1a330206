"""RIS, as reference managers and publishers write it: `TY  - JOUR`, fields of two letters, `ER  -`.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as references_fields
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.dates import most_precise, parse_iso, stated_date
from paperreader.text.html_notes import html_to_markdown

SOURCE_KIND = "ris"

_FIELD = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?", re.DOTALL)
_TITLES, _ABSTRACTS = ("TI", "T1", "CT"), ("AB", "N2")
_AUTHORS = ("AU", "A1")
_ADDRESSES = ("UR", "L1", "L2", "L3", "LK")
_DATES = ("DA", "Y1", "PY")
_JOURNALS, _BOOKS = ("T2", "JF", "JO", "JA", "J2"), ("C3", "T2", "BT")
_IN_JOURNALS, _IN_BOOKS = ("JOUR", "EJOUR", "MGZN", "NEWS"), ("CONF", "CPAPER", "CHAP")
"""Types of references, https://en.wikipedia.org/wiki/RIS_(file_format)#Type_of_reference."""
_MENTIONS = ("JO", "JF", "T2", "M1", "AN", "N1", "C1")
_OWN = re.compile(
    r"(?:^|; )(listed|published|votes|comments|stars|bookmarked|read): ([0-9-]{1,10}|yes|unknown)(?=; |$)"
)
"""What our own exports say in a field of no meaning."""

Fields = dict[str, list[str]]


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """The references of a RIS file; one without a title is a problem."""
    for place, (line, fields, ended) in enumerate(_references(text)):
        if not any(_told(fields, _TITLES)):
            yield Problem(file, line, "a reference without a title")
            continue
        tags = [tag for line in _told(fields, ("LB",)) for tag in line.split(";") if tag.strip()]
        note = html_to_markdown("\n".join(fields.get("N1", ())))
        own = dict(_OWN.findall("; ".join(fields.get("M2", ()))))
        bookmarked, done = own.get("bookmarked", ""), own.get("read", "")
        said = references_fields.to_mark(
            _text(fields, _TITLES), note, tags, origin, bookmarked=bookmarked, done=done
        )
        yield ImportedEntry(
            (references_fields.with_counts(_record(fields, tags, own, origin, place), own),), said
        )
        if not ended:
            yield Problem(file, line, "the reference does not end with ER; it may not be whole")


def _references(text: str) -> Iterator[tuple[int, Fields, bool]]:
    """The line each begins on, its fields, and whether it has its end; a line that is no field continues the last."""
    start, fields, last = 0, Fields(), ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _FIELD.fullmatch(line.rstrip("\r"))
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
            # One that would look like a field stands a blank further to the right.
            moved = line.startswith(" ") and _FIELD.match(line.lstrip(" "))
            fields[last].append(line[1:] if moved else line)
    if start:
        yield start, fields, False


def _record(
    fields: Fields, tags: list[str], own: Mapping[str, str], origin: SourceOrigin, place: int
) -> SourceRecord:
    (kind,) = fields["TY"]
    return references_fields.to_record(
        origin.to_source(SOURCE_KIND, place, parse_iso(own.get("listed", ""))),
        title=_text(fields, _TITLES),
        abstract=_text(fields, _ABSTRACTS),
        authors=[name for line in _told(fields, _AUTHORS) for name in _names(line)],
        keywords=references_fields.remove_tags(_keywords(fields), tags),
        ids=_told(fields, ("AN", "M1")),
        dois=_told(fields, ("DO", "M3")),
        addresses=_told(fields, _ADDRESSES),
        mentions=_told(fields, _MENTIONS),
        published=None
        if own.get("published") == "unknown"
        else most_precise(*map(stated_date, _told(fields, _DATES))),
        journal=_text(fields, _JOURNALS) if kind in _IN_JOURNALS else "",
        booktitle=_text(fields, _BOOKS) if kind in _IN_BOOKS else "",
    )


def _names(line: str) -> list[str]:
    """The names of one field: some programs put all of them into one, family names first."""
    parts = line.split(" and ")
    return [
        references_fields.given_name_first(name)
        for name in (parts if all("," in part for part in parts) else [line])
    ]


def _keywords(fields: Fields) -> list[str]:
    words = (
        references_fields.split_keywords(line) if ";" in line else [line] for line in _told(fields, ("KW",))
    )
    return [word.strip() for line in words for word in line if word.strip()]


def _told(fields: Fields, names: tuple[str, ...]) -> list[str]:
    return [text for name in names for text in fields.get(name, ()) if text.strip()]


def _text(fields: Fields, names: tuple[str, ...]) -> str:
    """The first of those fields that says something, with its continued lines."""
    for name in names:
        text = "\n".join(fields.get(name, ())).strip()
        if text:
            return text
    return ""

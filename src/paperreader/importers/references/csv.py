"""CSV with a header: tables that `export` writes, those of Zotero, and what people make of either in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from paperreader.importers.input.content import MAX_BYTES, Origin, Refused
from paperreader.importers.references import fields
from paperreader.models import Entry, Mark, Problem, Record
from paperreader.text.csv_cells import columns, is_header, unguarded
from paperreader.text.dates import date_told, finest, parse_iso
from paperreader.text.html_notes import to_markdown

KIND = "csv"

Row = Mapping[str, str]
"""Cells by the name of their column, in lower case."""


def read(text: str, file: str, origin: Origin) -> Iterator[Entry | Problem]:
    """The rows of a table; one without a title is a problem.

    Raises:
        Refused: it has no header.
    """
    text = text.lstrip("\ufeff\r\n ")
    first = text.partition("\n")[0].rstrip("\r")
    delimiter = is_header(first)
    if not delimiter:
        raise Refused("has no line of column names with a title among them")
    names = columns(first, delimiter)
    csv.field_size_limit(MAX_BYTES)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(table)
    try:
        for place, cells in enumerate(table):
            row = {name: unguarded(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()}
            if row.get("title", "").strip():
                yield Entry((_record(row, origin, place),), _mark(row, origin))
            elif row:
                yield Problem(file, table.line_num, "a row without a title")
    except csv.Error as error:
        yield Problem(file, table.line_num, f"the table cannot be read from here on: {error}")


def _record(row: Row, origin: Origin, place: int) -> Record:
    addresses = [url for name in ("url", "repo", "links") for url in row.get(name, "").split()]
    # In our own tables `date` is what the paper is shown under.
    dates = ("published",) if "id" in row else ("published", "date", "publication year", "year")
    record = fields.record(
        origin.source(KIND, place, parse_iso(row.get("listed", "").strip())),
        title=row["title"].strip(),
        abstract=(row.get("abstract") or row.get("abstract note", "")).strip(),
        authors=[*_listed(row, "authors"), *map(fields.given_first, _listed(row, "author"))],
        keywords=[word for name in ("keywords", "automatic tags") for word in _listed(row, name)],
        ids=[row.get("arxiv", ""), row.get("id", "")],
        dois=[row.get("doi", "")],
        addresses=addresses,
        mentions=[row.get("extra", "")],
        published=finest(*(date_told(row.get(name, "")) for name in dates)),
        repository=row.get("repo", "").strip(),
        **_venues(row),
    )
    return fields.counted(record, row)


def _venues(row: Row) -> dict[str, str]:
    """Journal and book; Zotero has one column for both, and another that tells which it is."""
    kind = row.get("item type", "journalArticle").strip().lower()
    title = row.get("publication title", "")
    book = title or row.get("proceedings title", "") or row.get("conference name", "")
    return {
        "journal": row.get("journal") or (title if kind.endswith("article") else ""),
        "booktitle": row.get("booktitle") or (book if kind in ("conferencepaper", "booksection") else ""),
    }


def _mark(row: Row, origin: Origin) -> Mark | None:
    tags = [*_listed(row, "tags"), *_listed(row, "manual tags")]
    note = row.get("note") or to_markdown(row.get("notes", ""))
    return fields.mark(
        row["title"].strip(),
        note,
        tags,
        origin,
        bookmarked=row.get("bookmarked", ""),
        done=row.get("read", ""),
    )


def _listed(row: Row, name: str) -> list[str]:
    return [" ".join(part.split()) for part in row.get(name, "").split(";") if part.strip()]

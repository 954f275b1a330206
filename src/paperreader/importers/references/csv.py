"""Import CSV tables with a header: those that `export` writes, those of Zotero, and either after a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from paperreader.importers.input.content import MAX_CONTENT_BYTES, SourceOrigin, UnsupportedContent
from paperreader.importers.references import fields
from paperreader.importers.references.names import given_name_first
from paperreader.models import ImportedEntry, Mark, Problem, SourceRecord
from paperreader.text.csv_cells import header_columns, header_delimiter, unescape_formula
from paperreader.text.dates import most_precise, parse_iso, stated_date
from paperreader.text.html_notes import html_to_markdown

SOURCE_KIND = "csv"

Row = Mapping[str, str]
"""Cells by the lower-case name of their column."""


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the rows of a table; one without a title is a problem.

    Raises:
        UnsupportedContent: it has no header.
    """
    text = text.lstrip("\ufeff\r\n ")
    first = text.partition("\n")[0].rstrip("\r")
    delimiter = header_delimiter(first)
    if not delimiter:
        raise UnsupportedContent("has no line of column names with a title among them")
    names = header_columns(first, delimiter)
    csv.field_size_limit(MAX_CONTENT_BYTES)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(table)
    try:
        for index, cells in enumerate(table):
            row = {
                name: unescape_formula(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()
            }
            if row.get("title", "").strip():
                yield ImportedEntry((_record(row, origin, index),), _mark(row, origin))
            elif row:
                yield Problem(file, table.line_num, "a row without a title")
    except csv.Error as error:
        yield Problem(file, table.line_num, f"the table cannot be read from here on: {error}")


def _record(row: Row, origin: SourceOrigin, index: int) -> SourceRecord:
    urls = [url for name in ("url", "repo", "links") for url in row.get(name, "").split()]
    # In exported tables `date` is the date that the paper is listed under.
    dates = ("published",) if "id" in row else ("published", "date", "publication year", "year")
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, index, parse_iso(row.get("listed", "").strip())),
        title=row["title"].strip(),
        abstract=(row.get("abstract") or row.get("abstract note", "")).strip(),
        authors=[*_split_cell(row, "authors"), *map(given_name_first, _split_cell(row, "author"))],
        keywords=[word for name in ("keywords", "automatic tags") for word in _split_cell(row, name)],
        ids=[row.get("arxiv", ""), row.get("id", "")],
        dois=[row.get("doi", "")],
        urls=urls,
        mentions=[row.get("extra", "")],
        published=most_precise(*(stated_date(row.get(name, "")) for name in dates)),
        repository=row.get("repo", "").strip(),
        **_venues(row),
    )
    return fields.with_counts(record, row)


def _venues(row: Row) -> dict[str, str]:
    """Return journal and book. Zotero has one column for both, and another one for which it is."""
    kind = row.get("item type", "journalArticle").strip().lower()
    title = row.get("publication title", "")
    book = title or row.get("proceedings title", "") or row.get("conference name", "")
    return {
        "journal": row.get("journal") or (title if kind.endswith("article") else ""),
        "booktitle": row.get("booktitle") or (book if kind in ("conferencepaper", "booksection") else ""),
    }


def _mark(row: Row, origin: SourceOrigin) -> Mark | None:
    tags = [*_split_cell(row, "tags"), *_split_cell(row, "manual tags")]
    note = row.get("note") or html_to_markdown(row.get("notes", ""))
    return fields.to_mark(
        row["title"].strip(),
        note,
        tags,
        origin,
        bookmarked=row.get("bookmarked", ""),
        read=row.get("read", ""),
    )


def _split_cell(row: Row, name: str) -> list[str]:
    return [" ".join(part.split()) for part in row.get(name, "").split(";") if part.strip()]

"""Import CSV tables with a header: those that `export` writes, those of Zotero and of publishers, people's own."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import (
    MAX_CONTENT_BYTES,
    Content,
    SourceOrigin,
    UnsupportedContent,
    content_hash,
    source_origin,
)
from paperreader.importers.input.encoding import DecodedText
from paperreader.importers.input.streams import TextStream
from paperreader.importers.references import fields
from paperreader.importers.references.entry_types import entry_type_of
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import given_name_first, split_authors
from paperreader.importers.references.table_cells import plain_cells, split_cell
from paperreader.models import ImportedEntry, Mark, Problem, SourceRecord
from paperreader.text.csv_cells import (
    header_columns,
    header_delimiter,
    skip_delimiter_line,
    title_column,
    unescape_formula,
)
from paperreader.text.dates import most_precise, parse_iso
from paperreader.text.field_names import FIELD_NAMES, name_key, unused_names, urls_of_papers
from paperreader.text.html_notes import html_to_markdown
from paperreader.text.ids import restore_arxiv_id
from paperreader.text.jats import remove_markup
from paperreader.text.sanitize import single_line

SOURCE_KIND = "csv"

Row = Mapping[str, str]
"""Cells that are not empty by the key of their column."""

_OTHER_NAMES = "listed, bookmarked, read, tags, note, extra, external ids, primary category, updated"
_OTHER_KEYS = frozenset(map(name_key, _OTHER_NAMES.split(",")))
_AS_WRITTEN = frozenset(map(name_key, ("notes", "manual tags", "url")))
_ZOTERO_KEYS = frozenset(map(name_key, ("publication title", "abstract note", "manual tags", "date added")))
"""Keys of Zotero's columns, of which a table has at least one in addition to the type of the item."""
_JOINED_NAMES = re.compile(r"(?<=[^\W\d_])(?<=[a-zß-ÿ.])(?=[A-ZÀ-Þ][^\W\d_]*[. -])")


class Table(Struct, frozen=True):
    """What the header says about a table."""

    keys: tuple[str, ...]
    exported: bool
    """Whether `export` wrote it."""
    zotero: bool
    springer: bool
    """Whether it is one of Springer's search results, which have no separator between authors."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the rows of a table; one without a title is a problem, and so are columns that are not used.

    Args:
        content: the table, of any length.
        date: listing date given by the user.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is damaged or no text, or has no header.
    """
    data = content.file.read(MAX_CONTENT_BYTES + 1)
    if len(data) <= MAX_CONTENT_BYTES:
        decoded = content.decode(data)
        yield from content.encoding_problems(decoded)
        origin = source_origin(content, content_hash(data), date=date, today=today)
        yield from _read_table(io.StringIO(decoded.text), content.name, origin)
        return
    stream = TextStream(data, content.file)
    del data
    yield from content.encoding_problems(DecodedText("", assumed=stream.assumed))
    origin = source_origin(content, content.stored_hash(), date=date, today=today)
    yield from _read_table(stream.lines(), content.name, origin)
    yield from content.encoding_problems(stream.damage)


def _read_table(text: Iterable[str], file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the rows of a table from its lines."""
    numbered = enumerate(text, 1)
    skipped, first = next(((number, line) for number, line in numbered if line.strip("\ufeff\n ")), (0, ""))
    if not skip_delimiter_line(first.lstrip("\ufeff ")):
        skipped, first = next(numbered, (0, ""))
    first = first.strip("\ufeff\n ")
    delimiter = header_delimiter(first)
    if not delimiter:
        raise UnsupportedContent("has no line of column names with a title among them")
    names = header_columns(first, delimiter)
    table = _table(names)
    csv.field_size_limit(MAX_CONTENT_BYTES)
    lines = csv.reader(chain([f"{first}\n"], (line for _, line in numbered)), delimiter=delimiter)
    next(lines)
    used: set[str] = set()
    try:
        for index, cells in enumerate(lines):
            row = _row(cells, table)
            used |= {key for key in row if key not in used and not any(urls_of_papers({key: row[key]}))}
            line = skipped - 1 + lines.line_num
            title = _first(row, "title")
            is_url = title.startswith(("http://", "https://")) and not table.exported
            if title and not is_url:
                record = _record(row, table, origin, index)
                mark = _mark(row, table, origin)
                yield ImportedEntry((record,), mark, line, is_exported=table.exported)
            elif row:
                yield Problem(file, line, "a row without a title")
    except csv.Error as error:
        line = skipped - 1 + lines.line_num
        yield Problem(file, line, f"the table cannot be read from here on: {error}")
    if message := _unused_columns(names, table, used):
        yield Problem(file, skipped, message)


def _row(cells: list[str], table: Table) -> dict[str, str]:
    """Return the cells that are not empty, by the key of their column; the first of several with the same key."""
    row = {
        key: unescape_formula(cell)
        for key, cell in reversed(list(zip(table.keys, cells, strict=False)))
        if cell.strip()
    }
    if table.zotero:
        return {key: cell if key in _AS_WRITTEN else remove_markup(cell) for key, cell in row.items()}
    return row if table.exported else plain_cells(row)


def _table(names: list[str]) -> Table:
    found = [*map(name_key, names)]
    title = title_column(found)
    keys = tuple("title" if key == title and title not in FIELD_NAMES["title"] else key for key in found)
    exported = {"id", "title"} <= set(keys) and not {"bookmarked", "listed"}.isdisjoint(keys)
    zotero = not exported and "itemtype" in keys and not _ZOTERO_KEYS.isdisjoint(keys)
    return Table(keys, exported, zotero, "itemtitle" in keys)


def _unused_columns(names: list[str], table: Table, used: set[str]) -> str:
    """Return a report of the columns with cells that were not imported; empty for none, and for known programs."""
    if table.exported or table.zotero:
        return ""
    named = {
        key: single_line(name) for name, key in zip(names, table.keys, strict=True) if key in used and key
    }
    return unused_names(named, _OTHER_KEYS, "columns")


def _record(row: Row, table: Table, origin: SourceOrigin, index: int) -> SourceRecord:
    dates = _values(row, "published")
    if table.exported or {"date", "published", "id"} <= set(table.keys):
        # In exported tables `date` is the date that the paper is listed under.
        dates = [row.get("published", "")]
    abstract = _first(row, "abstract") or ("" if "abstract" in table.keys else row.get("summary", ""))
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, index, parse_iso(row.get("listed", "").strip())),
        title=_first(row, "title"),
        abstract=abstract.strip(),
        authors=_authors(row, table),
        keywords=_keywords(row, table),
        ids=[*map(restore_arxiv_id, _values(row, "arxiv")), *_values(row, "url"), *_other_urls(row, table)],
        dois=_values(row, "doi"),
        urls=[
            url
            for field in ("url", "repo")
            for cell in _values(row, field)
            for url in fields.split_urls(cell)
        ],
        prose="\n".join(_values(row, "remarks")),
        mentions=[row.get("extra", ""), *_values(row, "journal")],
        published=most_precise(*map(checked_date, dates)),
        repository=_first(row, "repo"),
        dated_by_id=not table.exported,
        categories=[row["categories"]]
        if table.exported and "categories" in row
        else _values(row, "categories"),
        **_venues(row, table),
    )
    record = with_journal_ref(_with_publication(record, row, table), _first(row, "journal_ref"))
    counts = {name: _first(row, name) for name in ("votes", "comments", "stars")}
    summary = _first(row, "one_line_summary") or (
        "" if abstract is row.get("summary") else row.get("summary", "")
    )
    return fields.with_counts(record, {**counts, "summary": summary})


def _with_publication(record: SourceRecord, row: Row, table: Table) -> SourceRecord:
    """Return a record with its type, its editors, and volume, pages and the like."""
    names = ("volume", "number", "pages", "edition", "publisher", "isbn", "issn", "school", "report_type")
    texts = {name: _first(row, name) for name in names}
    kind = _first(row, "entry_type")
    if not table.exported:
        kind = entry_type_of(kind)
        first, last = _first(row, "first_page"), _first(row, "last_page")
        texts["pages"] = texts["pages"] or (f"{first}–{last}" if first and last else first)
        if not texts["volume"] and texts["number"] == row.get("number") and not table.zotero:
            texts["number"] = ""  # it counts the rows
    if table.zotero and kind in ("phdthesis", "techreport"):
        texts |= {"school": texts["publisher"], "publisher": "", "report_type": row.get("type", "")}
        kind = "mastersthesis" if "master" in texts["report_type"].lower() else kind
    return fields.with_publication(
        record, entry_type=kind, editors=_people(_first(row, "editors"), table), **texts
    )


def _authors(row: Row, table: Table) -> list[str]:
    return _people(_first(row, "authors"), table)


def _people(cell: str, table: Table) -> list[str]:
    if table.exported:
        return split_cell(cell)
    if table.zotero:
        return [given_name_first(name) for name in split_cell(cell)]
    if table.springer and not re.search("[;,]", cell):
        pieces: list[str] = []
        for piece in _JOINED_NAMES.sub("\n", cell).split("\n"):
            if pieces and " " not in piece.strip():
                pieces[-1] += piece
            else:
                pieces.append(piece)
        cell = "\n".join(pieces)
    return split_authors(cell)


def _keywords(row: Row, table: Table) -> list[str]:
    cells = [row.get("keywords", "")] if table.exported else _values(row, "keywords")
    if table.exported or table.zotero:
        return [word for cell in cells for word in split_cell(cell)]
    return [" ".join(word.strip(" []'\"").split()) for cell in cells for word in fields.split_keywords(cell)]


def _venues(row: Row, table: Table) -> dict[str, str]:
    """Return journal and book. Zotero has one column for both, and another one for which it is."""
    if not table.zotero:
        return {"journal": _first(row, "journal"), "booktitle": _first(row, "booktitle")}
    kind = row.get("itemtype", "journalArticle").strip().lower()
    title = row.get("publicationtitle", "")
    book = title or row.get("proceedingstitle", "") or row.get("conferencename", "")
    return {
        "journal": row.get("journal") or (title if kind.endswith("article") else ""),
        "booktitle": row.get("booktitle") or (book if kind in ("conferencepaper", "booksection") else ""),
    }


def _mark(row: Row, table: Table, origin: SourceOrigin) -> Mark | None:
    """Return the mark that `export` or Zotero wrote; notes and tags of other tables are not the user's."""
    if table.zotero:
        tags, note = row.get("manualtags", ""), html_to_markdown(row.get("notes", ""))
    elif table.exported:
        tags, note = row.get("tags", ""), row.get("note", "")
    else:
        return None
    return fields.to_mark(
        _first(row, "title"),
        note,
        split_cell(tags),
        origin,
        bookmarked=row.get("bookmarked", ""),
        read=row.get("read", ""),
    )


def _values(row: Row, field: str) -> list[str]:
    return [row[key].strip() for key in FIELD_NAMES[field] if key in row]


def _first(row: Row, field: str) -> str:
    return next(iter(_values(row, field)), "")


def _other_urls(row: Row, table: Table) -> list[str]:
    """Return the cells that are URLs of arXiv papers, in any column."""
    return [] if table.exported or table.zotero else [*urls_of_papers(row)]

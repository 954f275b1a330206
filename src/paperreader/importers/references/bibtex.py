"""BibTeX and BibLaTeX, as far as they carry papers: title, abstract, authors, ids, addresses.

Read in one pass, forgiving as TeX is: an entry that does not end costs itself, and the next one is found at the next
`@` that begins a line. Strings are put together and abbreviations resolved. http://www.bibtex.org/Format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as references_fields
from paperreader.importers.references.bibtex_syntax import parse_fields, parse_names
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.cell_width import truncate_cells
from paperreader.text.dates import date_from_parts, most_precise, parse_iso, stated_date
from paperreader.text.sanitize import single_line
from paperreader.text.tex.braces import brace_content, strip_case_braces
from paperreader.text.tex.escape import unescape_tex
from paperreader.text.tex.note_markdown import tex_to_markdown

SOURCE_KIND = "bibtex"

_START = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t\n]{0,99}([{(])", re.MULTILINE | re.ASCII)
_NO_PAPERS = ("comment", "preamble")
_STRINGS = "string"
_VENUES = {"journal": ("journal", "journaltitle"), "booktitle": ("booktitle",)}
_MENTIONS = ("journal", "journaltitle", "note", "howpublished", "booktitle", "number", "volume")


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """The entries of a BibTeX file; one without a title, or that does not end, is a problem."""
    strings: dict[str, str] = {}
    place = 0
    for line, kind, body in _blocks(text):
        if kind in _NO_PAPERS:
            continue
        key, fields, fault = parse_fields(body, strings, keyed=kind != _STRINGS)
        if kind == _STRINGS:
            strings.update(fields)
            continue
        shown = f"the entry “{truncate_cells(single_line(key), 40)}”"
        if title := _unprotected(fields.get("title", "").strip()):
            keywords, tags = (_words(fields, name) for name in ("keywords", "tags"))
            bookmarked, done = fields.get("bookmarked", ""), fields.get("read", "")
            said = references_fields.to_mark(
                title, _note(fields), tags, origin, bookmarked=bookmarked, done=done
            )
            words = references_fields.remove_tags(keywords, tags)
            yield ImportedEntry((_record(key, title, fields, words, origin, place),), said)
            place += 1
        elif not fault:
            fault = "has no title"
        if fault:
            yield Problem(file, line, f"{shown} {fault}")


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Every `@kind{…}` with its line, as far as the next one at the beginning of a line."""
    line, before = 1, 0
    starts = list(_START.finditer(text))
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        line += text.count("\n", before, found.start())
        before = found.start()
        yield line, found[1].lower(), text[found.end() : following.start() if following else len(text)]


def _record(
    key: str, title: str, fields: dict[str, str], keywords: list[str], origin: SourceOrigin, place: int
) -> SourceRecord:
    def told(*wanted: str) -> list[str]:
        return [fields[name].strip() for name in wanted if name in fields]

    date = stated_date(fields.get("date", ""))
    parts = date_from_parts(*(fields.get(name, "").strip() for name in ("year", "month", "day")))
    archive = fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))
    eprint = told("eprint") if archive.strip().lower() == "arxiv" else []
    record = references_fields.to_record(
        origin.to_source(SOURCE_KIND, place, parse_iso(fields.get("listed", "").strip())),
        title=title,
        abstract=fields.get("abstract", "").strip(),
        authors=parse_names(fields.get("author", "")),
        keywords=keywords,
        ids=[*eprint, *told("arxiv", "arxivid"), key],
        dois=told("doi"),
        addresses=[
            _address(text)
            for field in told("url", "code", "website", "pdf", "howpublished", "links")
            for text in field.split()
        ],
        mentions=told(*_MENTIONS),
        published=None if "unknown" in told("published") else most_precise(date, parts),
        repository=next((_address(text) for text in told("code")), ""),
        **{name: _unprotected(next(iter(told(*wanted)), "")) for name, wanted in _VENUES.items()},
    )
    return references_fields.with_counts(record, fields)


def _unprotected(text: str) -> str:
    """A field without the braces that keep its capitals."""
    return strip_case_braces(brace_content(text)).strip()


def _words(fields: dict[str, str], name: str) -> list[str]:
    """The words of a field that lists them."""
    words = references_fields.split_keywords(unescape_tex(fields.get(name, "")))
    return [word for part in words if (word := " ".join(part.split()))]


def _note(fields: dict[str, str]) -> str:
    """What the reader wrote: `annote`, `annotation` (BibLaTeX), `comment` (JabRef); `note` is the paper's."""
    told = (fields.get(name, "") for name in ("annote", "annotation", "comment"))
    told = (unescape_tex(tex_to_markdown(text)).strip("\n").rstrip() for text in told)
    return "\n\n".join(dict.fromkeys(filter(None, told)))


def _address(text: str) -> str:
    r"""The address in a field that may be dressed as `\url{…}`."""
    found = re.fullmatch(r"\\url\s*\{\s*(\S+?)\s*\}", text)
    return (found[1] if found else text).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&")

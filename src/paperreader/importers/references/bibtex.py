"""Import BibTeX and BibLaTeX.

Read in one pass and as tolerant as TeX: of an unterminated entry only that entry is lost, since the next one begins at
the next `@` at the beginning of a line. Strings are concatenated and abbreviations resolved.
http://www.bibtex.org/Format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as reference_fields
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
_IGNORED_ENTRIES = ("comment", "preamble")
_STRING_ENTRY = "string"
_VENUES = {"journal": ("journal", "journaltitle"), "booktitle": ("booktitle",)}
_MENTIONS = ("journal", "journaltitle", "note", "howpublished", "booktitle", "number", "volume")


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the entries of a BibTeX file; one without a title, or that is not terminated, is a problem."""
    strings: dict[str, str] = {}
    index = 0
    for line, kind, body in _blocks(text):
        if kind in _IGNORED_ENTRIES:
            continue
        key, fields, problem = parse_fields(body, strings, keyed=kind != _STRING_ENTRY)
        if kind == _STRING_ENTRY:
            strings.update(fields)
            continue
        shown = f"the entry “{truncate_cells(single_line(key), 40)}”"
        if title := _without_case_braces(fields.get("title", "").strip()):
            keywords, tags = (_keyword_list(fields, name) for name in ("keywords", "tags"))
            bookmarked, read = fields.get("bookmarked", ""), fields.get("read", "")
            mark = reference_fields.to_mark(
                title, _note(fields), tags, origin, bookmarked=bookmarked, read=read
            )
            words = reference_fields.remove_tags(keywords, tags)
            yield ImportedEntry((_record(key, title, fields, words, origin, index),), mark)
            index += 1
        elif not problem:
            problem = "has no title"
        if problem:
            yield Problem(file, line, f"{shown} {problem}")


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the kind and the text of every `@kind{…}`, up to the next one at the beginning of a line."""
    line, before = 1, 0
    starts = list(_START.finditer(text))
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        line += text.count("\n", before, found.start())
        before = found.start()
        yield line, found[1].lower(), text[found.end() : following.start() if following else len(text)]


def _record(
    key: str, title: str, fields: dict[str, str], keywords: list[str], origin: SourceOrigin, index: int
) -> SourceRecord:
    def values(*names: str) -> list[str]:
        return [fields[name].strip() for name in names if name in fields]

    date = stated_date(fields.get("date", ""))
    parts = date_from_parts(*(fields.get(name, "").strip() for name in ("year", "month", "day")))
    archive = fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))
    eprint = values("eprint") if archive.strip().lower() == "arxiv" else []
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index, parse_iso(fields.get("listed", "").strip())),
        title=title,
        abstract=fields.get("abstract", "").strip(),
        authors=parse_names(fields.get("author", "")),
        keywords=keywords,
        ids=[*eprint, *values("arxiv", "arxivid"), key],
        dois=values("doi"),
        urls=[
            _url(text)
            for field in values("url", "code", "website", "pdf", "howpublished", "links")
            for text in field.split()
        ],
        mentions=values(*_MENTIONS),
        published=None if "unknown" in values("published") else most_precise(date, parts),
        repository=next((_url(text) for text in values("code")), ""),
        **{name: _without_case_braces(next(iter(values(*names)), "")) for name, names in _VENUES.items()},
    )
    return reference_fields.with_counts(record, fields)


def _without_case_braces(text: str) -> str:
    """Return a field without the braces that protect its capitals."""
    return strip_case_braces(brace_content(text)).strip()


def _keyword_list(fields: dict[str, str], name: str) -> list[str]:
    """Return the words of a field that lists them."""
    words = reference_fields.split_keywords(unescape_tex(fields.get(name, "")))
    return [word for part in words if (word := " ".join(part.split()))]


def _note(fields: dict[str, str]) -> str:
    """Return the user's note: `annote`, `annotation` (BibLaTeX), `comment` (JabRef); `note` is about the paper."""
    notes = (fields.get(name, "") for name in ("annote", "annotation", "comment"))
    notes = (unescape_tex(tex_to_markdown(text)).strip("\n").rstrip() for text in notes)
    return "\n\n".join(dict.fromkeys(filter(None, notes)))


def _url(text: str) -> str:
    r"""Return the URL in a field, which may be wrapped in `\url{…}`."""
    found = re.fullmatch(r"\\url\s*\{\s*(\S+?)\s*\}", text)
    return (found[1] if found else text).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&")

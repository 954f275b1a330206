"""Import BibTeX and BibLaTeX, as tolerant as TeX: what cannot be read costs only itself.

http://www.bibtex.org/Format/ and https://ctan.org/pkg/biblatex
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.checked_values import checked_date, checked_date_parts
from paperreader.importers.bibtex.exported import exact_texts, is_exported
from paperreader.importers.bibtex.inheritance import Inheritance
from paperreader.importers.bibtex.markup import remove_tex_markup
from paperreader.importers.bibtex.names import parse_bibtex_names
from paperreader.importers.bibtex.syntax import read_blocks
from paperreader.importers.bibtex.words import split_outside_braces
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.references import fields as reference_fields
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.categories import find_categories
from paperreader.text.cell_width import truncate_cells
from paperreader.text.dates import most_precise, parse_iso
from paperreader.text.html_notes import html_to_markdown
from paperreader.text.ids import arxiv_month
from paperreader.text.sanitize import single_line
from paperreader.text.tex.braces import brace_content, strip_case_braces
from paperreader.text.tex.escape import unescape_tex
from paperreader.text.tex.note_markdown import tex_to_markdown
from paperreader.text.tex.verbatim import unescape_verbatim

SOURCE_KIND = "bibtex"

_NOTES = frozenset(("annote", "annotation", "comment"))
_AS_WRITTEN = _NOTES | {"author", "editor"}
"""Fields in which braces around all of the value have a meaning."""
_NOT_PAPERS = frozenset(("xdata", "set", "control", "ieeetranbstctl", "bibnote"))
_NO_TYPE = frozenset(("misc", "online", "electronic", "www"))
"""Types of entries that say nothing about the publication."""
_OTHER_NAMES = {"conference": "inproceedings", "report": "techreport", "mathesis": "mastersthesis"}
"""Types of entries that BibTeX has under another name."""
_WITHOUT_TYPE = frozenset(("article", "inproceedings"))
"""Types of entries without a field `type`, in which databases have the type of the document."""
_VENUES = {
    "journal": (("journal", "journaltitle"), "journalsubtitle"),
    "booktitle": (("booktitle",), "booksubtitle"),
}
_MENTIONS = (
    *("journal", "journaltitle", "note", "howpublished", "booktitle", "number", "volume", "pages", "eid"),
    *("type", "series", "publisher", "institution", "eprint", "addendum", "pubstate"),
)
_ARXIV_NUMBERS = ("volume", "number", "pages", "eid", "note")
"""Where references whose journal is arXiv have the id."""
_PUBLICATION_FIELDS = {
    **{name: (name,) for name in ("edition", "volume", "pages", "publisher", "isbn", "issn")},
    "number": ("number", "issue"),
    "school": ("school", "institution"),
    "report_type": ("type",),
}
"""Fields of a record, and where BibTeX and BibLaTeX have them."""
_REPOSITORY_FIELDS = ("code", "github", "repository")
_URL_FIELDS = ("url", *_REPOSITORY_FIELDS, "website", "homepage", "project", "pdf", "links", "link", "ee")
_BARE_HOST = re.compile(
    r"(?<![\w@./:-])(?!arxiv\.org\b)((?:[a-z0-9-]{1,63}\.){1,4}(?:org|com|net|io|ai|edu|dev|gov)\b(?:/[^\s{}]*)?)(?![\w@-])",
    re.IGNORECASE,
)
_COMMAND_URL = re.compile(r"\\(?:url|href|path)\s*\{\s*([^{}\s]+)\s*\}")
_OLD_NUMBER = re.compile(r"[0-9]{7}(?:v[0-9]+)?")
"""An arXiv id without the archive before it, which is the primary class."""
_SUBJECT = re.compile(r"\s*\[[^\[\]]*\]\s*\Z|(?<=\S)\s+\([^()]*\)\s*\Z")
_PROSE = ("title", "abstract")
"""Texts of exported entries that may contain links."""
_YEAR_LENGTH = len("2016")
_TITLE_END = "?!.:;–—-"

Fields = dict[str, str]


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the entries of a BibTeX file; one without a title, or that is not terminated, is a problem."""
    index = 0
    blocks = list(read_blocks(text))
    inheritance = Inheritance(blocks)
    for block in blocks:
        if block.kind in _NOT_PAPERS and not block.problem:
            continue
        problem = block.problem
        written = inheritance.fields_of(block)
        exact = exact_texts(written) if is_exported(block.key, written) else {}
        if not exact:
            written = {
                name: value if name in _NOTES else remove_tex_markup(value) for name, value in written.items()
            }
        fields = {name: _plain(name, value) for name, value in written.items()}
        fields |= {name: text for name, text in exact.items() if name in _PROSE and name in fields}
        if title := _title(fields, "title", "subtitle"):
            keywords, tags = (_keyword_list(fields, name) for name in ("keywords", "tags"))
            bookmarked, read = fields.get("bookmarked", ""), fields.get("read", "")
            mark = reference_fields.to_mark(
                title, _note(fields), tags, origin, bookmarked=bookmarked, read=read
            )
            words = reference_fields.remove_tags(keywords, tags)
            record = _record(block.key, title, fields, words, origin, index)
            record = _with_publication(record, block.kind, fields)
            yield ImportedEntry((_exact(record, exact, fields) if exact else record,), mark)
            index += 1
        elif not problem:
            problem = "has no title"
        if problem:
            shown = f"the entry “{truncate_cells(single_line(block.key), 40)}”"
            yield Problem(file, block.line, f"{shown} {problem}")
    if all(block.kind in _NOT_PAPERS and not block.problem for block in blocks):
        yield Problem(file, None, "contains no references, only strings or comments")


def _plain(name: str, value: str) -> str:
    """Return the value of a field without the braces around all of it, which Web of Science writes twice."""
    content = brace_content(value.strip())
    return value if content == value.strip() or name in _AS_WRITTEN else content


def _record(
    key: str, title: str, fields: Fields, keywords: list[str], origin: SourceOrigin, index: int
) -> SourceRecord:
    def values(*names: str) -> list[str]:
        return [fields[name].strip() for name in names if name in fields]

    prose = [_unwrap_urls(text) for text in values("howpublished", "note", "addendum")]
    record = reference_fields.to_record(
        origin.to_source(SOURCE_KIND, index, parse_iso(fields.get("listed", "").strip())),
        title=title,
        abstract=fields.get("abstract", "").strip(),
        authors=parse_bibtex_names(fields.get("author", "")),
        keywords=keywords,
        ids=[*_arxiv_ids(fields), key],
        dois=[
            unescape_verbatim(text)
            for value in values("doi", "howpublished")
            for text in _COMMAND_URL.findall(value) or [value]
        ],
        urls=[url for text in (*values(*_URL_FIELDS), *_other_urls(fields)) for url in _urls(text)],
        prose="\n".join(map(_with_schemes, prose)),
        mentions=values(*_MENTIONS),
        published=None if "unknown" in values("published") else _published(fields),
        repository=next((url for text in values(*_REPOSITORY_FIELDS) for url in _urls(text)), ""),
        dated_by_id="unknown" not in values("published"),
        categories=values("primaryclass", "eprintclass", "categories"),
        **{name: _venue(fields, *names) for name, names in _VENUES.items()},
    )
    return reference_fields.with_counts(record, fields)


def _with_publication(record: SourceRecord, kind: str, fields: Fields) -> SourceRecord:
    """Return a record with the type of its entry, unless that says nothing, and the fields of its publication."""
    venues = (fields.get(name, "") for name in ("journal", "journaltitle", "publisher", "institution"))
    venue = _without_case_braces(next(filter(None, venues), ""))
    arxiv = reference_fields.is_arxiv_venue(venue)
    texts = {
        name: " ".join(_without_case_braces(next((fields[key] for key in keys if key in fields), "")).split())
        for name, keys in _PUBLICATION_FIELDS.items()
    }
    for name, text in texts.items():
        if (arxiv and name in _ARXIV_NUMBERS) or reference_fields.is_arxiv_venue(text):
            texts[name] = ""
    if kind in _WITHOUT_TYPE:
        texts["report_type"] = ""
    return replace(
        record,
        entry_type=_entry_type(kind, fields.get("type", "")),
        editors=tuple(parse_bibtex_names(fields.get("editor", ""))),
        **texts,
    )


def _entry_type(kind: str, work: str) -> str:
    """Return the type of an entry as BibTeX names it; empty if it says nothing about the publication."""
    if kind == "thesis":
        return "mastersthesis" if work.strip().lower().startswith(("ma", "bathesis")) else "phdthesis"
    return "" if kind in _NO_TYPE else _OTHER_NAMES.get(kind, kind)


def _exact(record: SourceRecord, texts: Mapping[str, Any], fields: Fields) -> SourceRecord:
    """Return the record of an exported entry with its texts, and without what only follows from other fields.

    That may be the year, and the primary class, which may be a keyword.
    """
    listed = record.source.date or ""
    derived = arxiv_month(record.arxiv)[:_YEAR_LENGTH] if record.arxiv else listed[:_YEAR_LENGTH]
    published = None if listed and record.published == derived else record.published
    categories = find_categories([fields.get("categories", "")])
    return replace(record, **texts, published=published, categories=categories)


def _other_urls(fields: Fields) -> list[str]:
    """Return the URLs in fields of BibDesk, and those where other programs have an id."""
    bibdesk = [value for name, value in sorted(fields.items()) if name.startswith("bdsk-url-")]
    eprint = fields.get("eprint", "").strip()
    return [*bibdesk, *([eprint] if eprint.startswith("http") else [])]


def _with_schemes(prose: str) -> str:
    """Return prose in which hosts without a scheme are URLs: `available from tensorflow.org`."""
    return _BARE_HOST.sub(r"https://\1", prose)


def _published(fields: Fields) -> str | None:
    date = checked_date(fields.get("date", "").replace("~", " "))
    year, month, day = (fields.get(name, "").replace("~", " ").strip() for name in ("year", "month", "day"))
    return most_precise(date, checked_date_parts(year, month, day))


def _arxiv_ids(fields: Fields) -> list[str]:
    """Return the texts that may be an arXiv id, the most reliable first."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    eprint = fields.get("eprint", "").strip()
    named = [eprint if archive.strip().lower().startswith("arxiv") else ""]
    if _OLD_NUMBER.fullmatch(eprint) and (category := fields.get("primaryclass", "").strip()):
        named.append(f"{category.partition('.')[0]}/{eprint}")
    named += [fields.get(name, "") for name in ("arxiv", "arxivid", "arxiv_id")]
    venues = (
        fields.get(name, "")
        for name in ("journal", "journaltitle", "publisher", "institution", "howpublished")
    )
    if any(reference_fields.is_arxiv_venue(_without_case_braces(text)) for text in venues if text):
        named += [fields.get(name, "").strip().removeprefix("abs/") for name in _ARXIV_NUMBERS]
    named += _COMMAND_URL.findall(fields.get("howpublished", "")) or [fields.get("howpublished", "")]
    return [_SUBJECT.sub("", unescape_verbatim(text.strip())) for text in named if text.strip()]


def _title(fields: Fields, name: str, subtitle: str) -> str:
    """Return a title with its subtitle, separated by a colon unless the title ends with punctuation."""
    title, rest = (_without_case_braces(fields.get(key, "").strip()) for key in (name, subtitle))
    if not title or not rest or " ".join(rest.split()) in " ".join(title.split()):
        return title
    return f"{title}{' ' if title[-1] in _TITLE_END else ': '}{rest}"


def _venue(fields: Fields, names: tuple[str, ...], subtitle: str) -> str:
    name = next((name for name in names if fields.get(name, "").strip()), names[0])
    return _title(fields, name, subtitle)


def _without_case_braces(text: str) -> str:
    """Return a field without the braces that protect its capitals."""
    return strip_case_braces(brace_content(text)).strip()


def _keyword_list(fields: Fields, name: str) -> list[str]:
    """Return the words of a field that lists them."""
    parts = split_outside_braces(fields.get(name, ""))
    words = (unescape_tex(brace_content(part)) for part in parts)
    return [plain for word in words if (plain := " ".join(word.split()))]


def _note(fields: Fields) -> str:
    """Return the user's note: `annote`, `annotation` (BibLaTeX), `comment`, `comment-ada` (JabRef).

    `note` is about the paper.
    """
    users = sorted(name for name in fields if name.startswith("comment-"))
    notes = (fields.get(name, "") for name in ("annote", "annotation", "comment", *users))
    texts = (html_to_markdown(text) for text in notes)
    notes = (unescape_tex(tex_to_markdown(text)).strip("\n").rstrip() for text in texts)
    # Mendeley writes NULL where there is no note.
    return "\n\n".join(dict.fromkeys(note for note in notes if note not in ("", "NULL")))


def _unwrap_urls(text: str) -> str:
    r"""Return prose with the addresses of `\url{…}` and `\href{…}{…}` as plain text."""
    return _COMMAND_URL.sub(lambda found: f" {unescape_verbatim(found[1])} ", text.replace("{\\_}", "_"))


def _urls(text: str) -> list[str]:
    r"""Return the URLs in a field for them, which may be wrapped in `\url{…}` or lack a scheme."""
    return reference_fields.split_urls(unescape_verbatim(_unwrap_urls(text)))

"""Import lists of papers in Markdown: awesome lists, tables of daily arXiv scripts, notes with links to papers.

There is no common form. A paper is what links to a page of papers (arXiv, Hugging Face, a DOI, a publisher) and has its
title next to the link: as the text of the link, in a column named so, in bold, or as a heading. Text without such links
is not looked at, and a link whose title is not certain is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from paperreader.checked_values import checked_date
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.json import generic_objects
from paperreader.importers.markdown.arxiv_page import read_arxiv_page
from paperreader.importers.markdown.chunks import Chunk, Row, is_field, row_values, split_chunks
from paperreader.importers.markdown.document_header import read_header
from paperreader.importers.markdown.links import (
    Segment,
    link_definitions,
    split_links,
    without_definitions,
)
from paperreader.importers.markdown.plain_text import plain
from paperreader.importers.markdown.titles import clean_title, is_title, title_before_link, title_of
from paperreader.importers.references import fields
from paperreader.importers.references.names import split_authors
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.urls import parse_link

SOURCE_KIND = "markdown"

MAX_AUTHORS_CHARS = 20_000
MAX_NAME_WORDS = 7
"""Words of one name; more are a sentence."""

_TITLE_COLUMNS = ("title", "paper title", "paper", "papers", "name", "论文标题", "标题", "论文")
_CODE_COLUMNS = ("code", "github", "official code", "代码")
_COLUMNS: Mapping[str, Sequence[str]] = {
    "authors": ("authors", "author", "作者"),
    "date": ("publish date", "published", "publication date", "date", "year", "time", "日期", "时间"),
    "venue": ("venue", "conference", "journal", "publication", "pub", "publisher", "会议"),
    "abstract": ("abstract", "摘要"),
}
_FIELD = re.compile(
    r"[ \t>]*(?:[-*+•][ \t]+)?[*_]{0,3}(?:arxiv[ -]|pdf[ -])?"
    r"(authors?|abstract|dates?|published|publish date|venue|journal|title)"
    r"\b[ \t]{0,9}[*_]{0,3}[ \t]{0,9}[:：]?[*_]{0,3}[ \t]{0,9}(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(r"code|github|official|implementation|repo|pytorch|tensorflow", re.IGNORECASE)
_OTHER_KINDS = ("project", "model", "dataset", "space")
_NO_VALUE = frozenset(("-", "--", "–", "—", "/", "n/a", "na", "null", "none", "tbd"))
_OTHERS = re.compile(r",?\s*(?:et\.?\s*al\b\.?|等)\s*", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf|html)/[\w./-]{9,30}")


class _Found(Struct):
    """What a part of the document says about one paper."""

    line: int
    title: str = ""
    id: str = ""
    doi: str = ""
    url: str = ""
    authors: list[str] = field(default_factory=list)
    abstract: str = ""
    date: str | None = None
    venue: str = ""
    code: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """URLs of its project page, models and data sets."""


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a list, and one problem for the links to papers whose title is not certain.

    Raises:
        UnsupportedContent: no paper is listed in it.
    """
    if described := _described_paper(text, origin):
        yield ImportedEntry((described,))
        return
    definitions = link_definitions(text)
    untitled: list[int] = []
    index = 0
    for part in split_chunks(without_definitions(text)):
        found = _from_row(part, definitions) if isinstance(part, Row) else _from_chunk(part, definitions)
        if found is None:
            continue
        if not found.title:
            untitled.append(found.line)
            continue
        yield ImportedEntry((_record(found, origin, index),))
        index += 1
    if not index:
        raise UnsupportedContent(
            "is a Markdown document without a list of papers (titles with links to arXiv, a DOI or a publisher)"
        )
    if untitled:
        many = f"{len(untitled):,} links to papers have" if len(untitled) > 1 else "a link to a paper has"
        yield Problem(file, untitled[0], f"{many} no certain title next to it; nothing was imported for it")


def _described_paper(text: str, origin: SourceOrigin) -> SourceRecord | None:
    """Return the paper that the header of a note or of a saved page describes, whose text is about it; None without."""
    header = {"url" if name == "URL Source" else name: value for name, value in read_header(text).items()}
    title = header.get("title", header.get("Title", ""))
    if not isinstance(title, str) or not is_title(clean_title(title), 2):
        return None
    described = {name: value for name, value in header.items() if name != "Title"}
    record = generic_objects.to_record({**described, "title": clean_title(title)}, SOURCE_KIND, origin, 0)
    if not record.arxiv and not record.doi:
        return None
    page = read_arxiv_page(text) if record.arxiv else None
    return replace(
        record,
        published=first_version_date(record.published, record.arxiv),
        authors=record.authors or tuple(page.authors if page else ()),
        abstract=record.abstract or (page.abstract if page else ""),
    )


def _from_row(row: Row, definitions: Mapping[str, str]) -> _Found | None:
    """Return what a row of a table says about a paper; None if it links to none."""
    segments = [split_links(cell, definitions) for cell in row.cells]
    named = row_values(row, _TITLE_COLUMNS)
    titled = split_links(named[0], definitions) if named else []
    found = _identified(row.line, [*titled, *(segment for cell in segments for segment in cell)])
    if found is None:
        return None
    found.title = title_of(titled, is_certain=True) or next(
        (title for cell in segments if (title := title_of(cell, is_certain=False))), ""
    )
    first = {name: next(iter(row_values(row, columns)), "") for name, columns in _COLUMNS.items()}
    found.authors = _names(first["authors"])
    found.date = checked_date(plain(first["date"]))
    venue = plain(first["venue"])
    found.venue = "" if "](" in first["venue"] or venue.lower() in _NO_VALUE else venue
    found.abstract = first["abstract"]
    everywhere = [segment for cell in segments for segment in cell]
    found.code, found.others = _code(everywhere, row, definitions), _other_urls(everywhere)
    return found


def _code(segments: Sequence[Segment], row: Row | None, definitions: Mapping[str, str]) -> list[str]:
    """Return the URLs of the code: those named so, and those in a column for it."""
    column = row_values(row, _CODE_COLUMNS) if row else []
    named = [segment for cell in column for segment in split_links(cell, definitions)]
    named += [segment for segment in segments if _CODE.search(segment.text)]
    urls = [segment.url for segment in named if segment.url]
    return [url for url in dict.fromkeys(urls) if (link := parse_link(url)) and link.kind == "code"]


def _other_urls(segments: Sequence[Segment]) -> list[str]:
    """Return the URLs of project pages, models and data sets."""
    urls = (segment.url for segment in segments if segment.url)
    return [url for url in dict.fromkeys(urls) if (link := parse_link(url)) and link.kind in _OTHER_KINDS]


def _from_chunk(chunk: Chunk, definitions: Mapping[str, str]) -> _Found | None:
    """Return what a heading with its fields, an item or a paragraph says about a paper; None if it links to none."""
    head, labelled = _split_fields(chunk)
    body = "\n".join(head)
    segments = split_links(body, definitions)
    everywhere = split_links("\n".join(chunk.lines), definitions) if labelled else segments
    found = _identified(chunk.line, everywhere)
    if found is None:
        return None
    heading = labelled.get("title") or (head[0] if chunk.kind == "heading" and head else "")
    found.title = title_of(split_links(heading, definitions), is_certain=bool(labelled)) if heading else ""
    is_item = chunk.kind == "item"
    found.title = found.title or title_of(
        segments, is_certain=False, min_words=3 if is_item else 4, may_be_quoted=is_item
    )
    if not found.title and is_item:
        found.title = title_before_link(segments)
    found.authors = _names(labelled.get("authors", ""))
    found.abstract = labelled.get("abstract", "")
    found.date = checked_date(plain(labelled.get("date", "")))
    found.code, found.others = _code(everywhere, None, definitions), _other_urls(everywhere)
    return found


def _names(text: str) -> list[str]:
    """Return the names in a field for authors; none if it contains something else, such as the abstract."""
    names = (
        [] if "](" in text or len(text) > MAX_AUTHORS_CHARS else split_authors(_OTHERS.sub("", plain(text)))
    )
    is_prose = any(len(name.split()) > MAX_NAME_WORDS or "://" in name or name.islower() for name in names)
    return [] if is_prose or (names and names[0].lower() in _NO_VALUE) else names


def _split_fields(chunk: Chunk) -> tuple[list[str], dict[str, str]]:
    """Return the lines of a part without those of its fields, and the fields by their name."""
    head: list[str] = []
    labelled: dict[str, list[str]] = {}
    name = ""
    for line in chunk.lines:
        found = _FIELD.match(line)
        if found and (found[2] or line is not chunk.lines[-1]):
            name = found[1].lower().rstrip("s").replace("publish date", "date").replace("published", "date")
            name = {"author": "authors"}.get(name, name)
            labelled.setdefault(name, []).append(found[2])
        elif is_field(line):
            name = "other"
        elif name:
            labelled.setdefault(name, []).append(line)
        else:
            head.append(line)
    return head, {name: "\n".join(lines).strip() for name, lines in labelled.items()}


def _identified(line: int, segments: Sequence[Segment]) -> _Found | None:
    """Return the paper that the first link to one leads to, or None."""
    for segment in segments:
        urls = [segment.url] if segment.url else _BARE_URL.findall(segment.text)
        for url in urls:
            if name := parse_arxiv_id(url):
                return _Found(line, id=name, url=url)
            if doi := parse_doi(url):
                return _Found(line, doi=doi, url=url)
    papers = (
        segment.url for segment in segments if (link := parse_link(segment.url)) and link.kind == "paper"
    )
    url = next(papers, "")
    return _Found(line, url=url) if url else None


def _record(found: _Found, origin: SourceOrigin, index: int) -> SourceRecord:
    return fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=found.title,
        abstract=found.abstract,
        authors=found.authors,
        ids=[found.id] if found.id else (),
        dois=[found.doi] if found.doi else (),
        urls=[found.url, *found.code, *found.others],
        published=first_version_date(found.date, found.id),
        repository=next(iter(found.code), ""),
        booktitle=found.venue,
    )

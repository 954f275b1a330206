"""Names under which tables and JSON objects have the fields of a paper, most reliable first."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from paperreader.text.ids import parse_arxiv_id

_NOT_IN_KEY = re.compile(r"[\W_]+")

_NAMES: Mapping[str, str] = {
    "title": "title, document title, article title, item title, paper title, paper name, papername, title of paper, "
    "titles, title en, title english, english title, original title, work title, titel, título, titre, 标题, 题名, "
    "论文标题, 论文题目",
    "authors": "author full names, authors full names, authors, author, author names, author text, author list, "
    "author(s), authors list, paper authors, author string, item authors, creators, creator, writers, "
    "all authors, authors name, authors names, authors str, authors full, autoren, autores, auteurs, 作者, "
    "first author",
    "abstract": "abstract, abstract note, abstract text, paper abstract, document abstract, original abstract, "
    "abstracts, abstract en, abstract english, zusammenfassung, resumen, résumé, 摘要",
    "summary": "summary",
    "one_line_summary": "tldr, tl;dr, ai summary, one sentence summary, short abstract",
    "doi": "doi, item doi, doi url, doi link, document doi, article doi, paper doi, dois",
    "arxiv": "arxiv, arxiv id, arxivid, paper arxiv id, arxiv number, arxiv identifier, arxiv no, entry id, rawid, "
    "short id, eprint, paper id, id, identifier",
    "url": "url, urls, link, links, paper url, paper link, arxiv url, arxiv link, abs url, url abs, abs, abstract url, "
    "abstract link, abs link, pdf, pdf url, url pdf, pdf link, article url, html url, web link, weblink, website, "
    "permalink, homepage, project, project page, project url, page, full text url, entry url, source url, "
    "huggingface url, hf url, hf link, ee, resource uri, open access pdf, landing page url, "
    "href, uri, link pdf, download link, download url, official url",
    "repo": "repo, code, code url, code link, github, github url, github link, github repo, repository, "
    "repository url, repo url, official code, code repository, "
    "source code, official code url, github repo url, code implementation, implementation",
    "published": "published, published date, publication date, publish date, publish time, date published, "
    "first published, published at, issued, date, created, created at, create date, date created, submitted, "
    "submitted date, submission date, date submitted, pub date, pubdate, online date, early access date, "
    "release date, "
    "first submitted date, v1 date, date of publication, publication year, publish year, published year, pub year, "
    "year published, year of publication, year, jahr, año, année, 年份, 发表时间",
    "journal": "journal, journal title, journal name, journal/book, publication title, source title, publication, "
    "container title, publication name, journal or conference, journal/conference, published in, zeitschrift, revista, "
    "revue, 期刊, 刊名",
    "journal_ref": "journal ref, journal reference",
    "booktitle": "booktitle, book title, proceedings title, conference name, conference title, conference, "
    "proceedings, proceeding, venue, venue name, publication venue",
    "keywords": "keywords, author keywords, keyword, automatic tags, subjects, categories, category, index terms, "
    "fields of study, ai keywords, index keywords, keywords plus, topics, research areas, ieee terms, "
    "arxiv categories, schlagwörter, palabras clave, mots clés, 关键词",
    "categories": "primary category, categories, arxiv categories, category, subjects",
    "entry_type": "entry type, item type, document type, publication type, content type, type of reference, type",
    "editors": "editors, editor, book editors, volume editors",
    "volume": "volume, vol, journal volume, publication volume",
    "number": "issue, issue number, journal issue, number",
    "pages": "pages, page range, page numbers, page info",
    "first_page": "start page, page start, first page, beginning page, startpage",
    "last_page": "end page, page end, last page, ending page",
    "edition": "edition",
    "publisher": "publisher, publisher name",
    "isbn": "isbn, isbns, eisbn, print isbn",
    "issn": "issn, issns, print issn, eissn",
    "school": "school",
    "report_type": "report type, thesis type",
    "votes": "votes, upvotes",
    "comments": "comments",
    "remarks": "comment, comments, arxiv comment",
    "stars": "stars, github stars",
}


_MAX_CACHED_LENGTH = 60
"""Characters of a name that is repeated in many objects."""

_MAX_URL_CHARS = 300
"""Characters of a URL of arXiv at most, with its parameters."""

OTHER_PAPERS = ("ref", "cit", "related", "similar", "parent")
"""Parts of the names of fields that name other papers."""

_OTHER_PAPERS = re.compile("|".join(OTHER_PAPERS))


def name_key(name: str) -> str:
    """Return what the spellings of a name have in common: `Document Title`, `document_title`, `DocumentTitle`."""
    return _cached_key(name) if len(name) <= _MAX_CACHED_LENGTH else _to_key(name)


def _to_key(name: str) -> str:
    return _NOT_IN_KEY.sub("", name).lower()


_cached_key = lru_cache(1024)(_to_key)


FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(dict.fromkeys(name_key(name) for name in names.split(",")))
    for field, names in _NAMES.items()
}
"""The keys of the names of each field."""

_KNOWN_KEYS = frozenset(key for keys in FIELD_NAMES.values() for key in keys)


def is_field(name: str) -> bool:
    """Whether tables or objects have a field of a paper under this name."""
    return name_key(name) in _KNOWN_KEYS


_INDEX_KEY = re.compile(r"(?:unnamed)?[0-9]*|index|level[0-9]|rownumber")
"""Keys of the columns that pandas writes for the index of a table."""

_MAX_UNUSED_NAMES = 12
"""Columns or fields that a report about unused ones names."""


def urls_of_papers(values: Mapping[str, object]) -> Iterator[str]:
    """Yield the values that are a URL or an id with prefix of an arXiv paper, whatever the name of their field is.

    Args:
        values: values by the keys of their names.
    """
    for key, value in values.items():
        if not isinstance(value, str) or len(value) > _MAX_URL_CHARS:
            continue
        if ("/" in value or ":" in value or "arxiv" in key) and not _OTHER_PAPERS.search(key):
            text = f"https://huggingface.co{value}" if value.startswith("/papers/") else value
            if parse_arxiv_id(text):
                yield text


def unused_names(names: Mapping[str, str], others: Container[str], what: str) -> str:
    """Return a report of columns or fields that were not imported; empty if there are none.

    Args:
        names: their names by key.
        others: keys that need no report, in addition to those of known fields.
        what: `columns` or `fields`.
    """
    unused = [
        name
        for key, name in names.items()
        if key not in _KNOWN_KEYS and key not in others and not _INDEX_KEY.fullmatch(key)
    ]
    more = f" and {len(unused) - _MAX_UNUSED_NAMES} more" if len(unused) > _MAX_UNUSED_NAMES else ""
    return f"these {what} were not imported: {', '.join(unused[:_MAX_UNUSED_NAMES])}{more}" if unused else ""

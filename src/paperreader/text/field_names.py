"""Names under which tables and JSON objects have the fields of a paper, most reliable first."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NOT_IN_KEY = re.compile(r"[\W_]+")

_NAMES: Mapping[str, str] = {
    "title": "title, document title, article title, item title, paper title, paper name, papername",
    "authors": "author full names, authors full names, authors, author, author names, author text, author list, "
    "author(s), item authors, creators, creator, writers",
    "abstract": "abstract, abstract note, abstract text, paper abstract, document abstract",
    "summary": "summary",
    "doi": "doi, item doi, doi url, doi link, document doi, article doi",
    "arxiv": "arxiv, arxiv id, arxivid, entry id, eprint, paper id, id",
    "url": "url, urls, link, links, paper url, paper link, arxiv url, arxiv link, abs url, abs, abstract url, "
    "abstract link, abs link, pdf, pdf url, pdf link, article url, html url, web link, weblink, website, permalink, "
    "project, project page, project url, page, full text url, entry url, source url, huggingface url, hf url, hf link",
    "repo": "repo, code, code url, code link, github, github url, github link, github repo, repository, "
    "repository url, repo url, official code",
    "published": "published, published date, publication date, date published, published at, date, created, "
    "created at, create date, date created, submitted, submitted date, submission date, pub date, pubdate, "
    "online date, early access date, publication year, pub year, year",
    "journal": "journal, journal title, journal name, publication title, source title, publication, container title",
    "booktitle": "booktitle, book title, proceedings title, conference name, conference title, conference, proceedings",
    "keywords": "keywords, author keywords, keyword, automatic tags, subjects, categories, category, index terms",
    "entry_type": "entry type, item type, document type, publication type, content type, type of reference, type",
    "editors": "editors, editor, book editors, volume editors",
    "volume": "volume, vol, journal volume, publication volume",
    "number": "issue, issue number, journal issue, number",
    "pages": "pages, page range, page numbers",
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
    "stars": "stars, github stars",
}


def name_key(name: str) -> str:
    """Return what the spellings of a name have in common: `Document Title`, `document_title`, `DocumentTitle`."""
    return _NOT_IN_KEY.sub("", name).lower()


FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(dict.fromkeys(name_key(name) for name in names.split(",")))
    for field, names in _NAMES.items()
}
"""The keys of the names of each field."""

KNOWN_KEYS = frozenset(key for keys in FIELD_NAMES.values() for key in keys)

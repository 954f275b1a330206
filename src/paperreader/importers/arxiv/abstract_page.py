"""Import an abstract page of arXiv (`arxiv.org/abs/…`) that was saved as HTML.

The title, the authors and the dates are in `meta` elements for Google Scholar; the abstract, with its links, the
comments and the references to publications are in the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.html.page import HtmlPage
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.references import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import given_name_first
from paperreader.models import ImportedEntry, Problem
from paperreader.text.ids import parse_arxiv_id

SOURCE_KIND = "arxiv-abstract"

_DESCRIPTOR = ("descriptor",)
_VERSION = re.compile(r"\[v([0-9]{1,3})\]", re.ASCII)


def read_page(html: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the paper of an abstract page.

    Raises:
        UnsupportedContent: the page has no title or no id.
    """
    del file
    page = HtmlPage(html)
    title = _first(page, "citation_title") or page.text(
        page.find("h1", class_name="title"), without=_DESCRIPTOR
    )
    name = next(filter(None, map(parse_arxiv_id, _ids(page))), "")
    if not title or not name:
        raise UnsupportedContent("is an abstract page of arXiv without title or id; save the page again")
    abstract = page.text(page.find("blockquote", class_name="abstract"), without=_DESCRIPTOR)
    comments, journal = (page.text(page.find("td", class_name=part)) for part in ("comments", "jref"))
    published_as = page.text(page.find("td", class_name="doi")).split()
    dois = [*page.metadata.get("citation_doi", []), *published_as]
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, 0),
        title=title,
        abstract=abstract or _first(page, "citation_abstract") or _first(page, "og:description"),
        authors=_authors(page),
        ids=[name, *_ids(page), f"{name}v{_latest_version(page)}"],
        dois=[doi for doi in dois if not parse_arxiv_id(doi)],
        prose=comments,
        published=first_version_date(_first(page, "citation_date").replace("/", "-"), name),
        categories=[page.text(page.find("td", class_name="subjects"))],
    )
    yield ImportedEntry((with_journal_ref(record, journal),))


def _first(page: HtmlPage, name: str) -> str:
    return next(iter(page.metadata.get(name, [])), "")


def _ids(page: HtmlPage) -> list[str]:
    return [_first(page, "citation_arxiv_id"), *page.addresses]


def _latest_version(page: HtmlPage) -> int:
    """Return the last version of the submission history, which also the page of an earlier version has; 0 for none."""
    history = page.text(page.find("div", class_name="submission-history"))
    return max((int(number) for number in _VERSION.findall(history)), default=0)


def _authors(page: HtmlPage) -> list[str]:
    names = [given_name_first(name) for name in page.metadata.get("citation_author", [])]
    shown = page.find("div", class_name="authors")
    linked = [page.text(link) for link in page.find_all("a", inside=shown)] if shown else []
    # The page shows all names as their authors write them; the metadata separates family and given name.
    return linked if len(linked) >= len(names) else names

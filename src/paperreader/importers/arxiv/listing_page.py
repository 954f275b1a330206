"""Import a listing (`arxiv.org/list/…`) or a search result (`arxiv.org/search/…`) of arXiv that was saved as HTML.

A listing is a definition list: the ids are in `dt`, everything else is in `dd`. The listing of a day (`/new`) has
abstracts and is divided into new submissions, cross-lists and replacements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from paperreader.checked_values import checked_date
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.html.page import Element, HtmlPage
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.references import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import split_authors
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import parse_arxiv_id

SOURCE_KIND = "arxiv-listing"

_DESCRIPTOR = ("descriptor", "search-hit-label")
_DAY = re.compile(r"\b[0-9]{1,2} [A-Z][a-z]{2,8} [0-9]{4}\b", re.ASCII)
_LATER_VERSION = re.compile(r"replace|cross", re.IGNORECASE)
_SUBMITTED = re.compile(r"Submitted\s+([0-9]{1,2} \w{3,9}, [0-9]{4})", re.ASCII)
_NOT_SHOWN = ("is-size-7", *_DESCRIPTOR)


class _Listed(Struct):
    """An entry, and what the headings above it say."""

    id: Element
    entry: Element
    day: str


def read_page(html: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a listing, and a problem for every entry that cannot be read.

    Raises:
        UnsupportedContent: there is no entry on the page.
    """
    page = HtmlPage(html)
    listed = [
        *_listing(page),
        *(_Listed(result, result, "") for result in page.find_all("li", class_name="arxiv-result")),
    ]
    if not listed:
        raise UnsupportedContent("is a listing of arXiv without papers; save the page again")
    for index, entry in enumerate(listed):
        try:
            yield ImportedEntry((_record(page, entry, origin, index),))
        except ValueError as error:
            yield Problem(file, None, f"entry {index + 1} of the listing {error}")


def _listing(page: HtmlPage) -> Iterator[_Listed]:
    day, dated, id = "", False, None
    for element in page.find_all("h3", "dt", "dd"):
        if element.name == "h3":
            heading = page.text(element)
            if found := _DAY.search(heading):
                day = checked_date(found[0]) or ""
            dated = not _LATER_VERSION.search(heading)
        elif element.name == "dt":
            id = element
        elif id is not None:
            is_new = dated and not _LATER_VERSION.search(page.text(id))
            yield _Listed(id, element, day if is_new else "")
            id = None


def _record(page: HtmlPage, listed: _Listed, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an entry.

    Raises:
        ValueError: it has no id or no title.
    """
    links = [link.attributes.get("href", "") for link in page.find_all("a", inside=listed.id)]
    addresses = [_absolute(link) for link in links]
    name = next(filter(None, map(parse_arxiv_id, addresses)), "")
    # In a search result, the class of titles is that of the id.
    is_result = listed.id is listed.entry
    title = _part(page, listed.entry, "title" if is_result else "list-title")
    if not name or not title:
        raise ValueError(f"has no {'title' if name else 'arXiv id'}; it was not imported")
    tags = [page.text(tag) for tag in page.find_all("span", class_name="tag", inside=listed.entry)]
    submitted = _SUBMITTED.search(page.text(listed.entry)) if is_result else None
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract=_abstract(page, listed.entry, is_result=is_result),
        authors=_authors(page, listed.entry),
        ids=[name, *addresses],
        dois=tags,
        prose=_part(page, listed.entry, "list-comments") or _part(page, listed.entry, "comments"),
        published=first_version_date(checked_date(submitted[1]) if submitted else listed.day, name),
        categories=[_part(page, listed.entry, "list-subjects"), *tags],
    )
    return with_journal_ref(record, _part(page, listed.entry, "list-journal-ref"))


def _absolute(link: str) -> str:
    return f"https://arxiv.org{link}" if link.startswith("/") else link


def _part(page: HtmlPage, entry: Element, class_name: str) -> str:
    found = page.find(class_name=class_name, inside=entry)
    return " ".join(page.text(found, without=_DESCRIPTOR).split())


def _abstract(page: HtmlPage, entry: Element, *, is_result: bool) -> str:
    full = page.find("span", class_name="abstract-full", inside=entry)
    if full is not None:
        # It ends with the link that hides it.
        return page.text(full, without=("a",)).strip()
    # In a search result, the title has this class as well.
    class_name = "abstract" if is_result else "mathjax"
    return page.text(page.find("p", class_name=class_name, inside=entry), without=_NOT_SHOWN)


def _authors(page: HtmlPage, entry: Element) -> list[str]:
    shown = page.find(class_name="list-authors", inside=entry) or page.find(
        "p", class_name="authors", inside=entry
    )
    if shown is None:
        return []
    linked = [page.text(link) for link in page.find_all("a", inside=shown)]
    return linked or split_authors(page.text(shown, without=_DESCRIPTOR))

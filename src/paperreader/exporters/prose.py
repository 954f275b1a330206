"""A paper in words, for people: what the reading list and the page say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.models import Paper
from paperreader.text.dates import format_long_date
from paperreader.text.paper_urls import landing_page, links_by_priority
from paperreader.text.sanitize import single_line
from paperreader.text.tex.escape import URL_PATTERN
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import safe_url

_NAMED = 12
"""Authors that are named; the others are counted."""

_ADDRESS = re.compile(URL_PATTERN, re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def plain_title(paper: Paper) -> str:
    """The title, readable, or the id of a paper that has none."""
    return single_line(tex_to_unicode(paper.title)) or single_line(paper.id)


def author_line(paper: Paper) -> str:
    """Its authors, the first dozen by name."""
    names = ", ".join(single_line(tex_to_unicode(name)) for name in paper.authors[:_NAMED])
    more = len(paper.authors) - _NAMED
    return f"{names} and {more:,} more" if more > 0 else names


def metadata_line(paper: Paper) -> str:
    """Day, journal or proceedings, id and votes, parted by dots."""
    told = [format_long_date(paper.date)] if paper.date else []
    told += [tex_to_unicode(paper.venue)] if paper.venue else []
    told += [f"arXiv:{paper.arxiv}"] if paper.arxiv else []
    told += [f"doi:{paper.doi}"] if paper.doi else []
    told += [f"{paper.votes:,} votes"] if paper.votes else []
    return " · ".join(map(single_line, told))


def labelled_links(paper: Paper) -> list[tuple[str, str]]:
    """What stands behind each safe address, and the address: the paper's own page first, empty if it has none."""
    page = landing_page(paper)
    others = [(link.kind, safe_url(link.url)) for link in links_by_priority(paper)]
    return [("page", page), *((kind, url) for kind, url in dict.fromkeys(others) if url and url != page)]


def split_links(text: str) -> Iterator[tuple[str, str]]:
    """`text` in parts, each with the address that it is, or none."""
    done = 0
    for found in _ADDRESS.finditer(text):
        if url := safe_url(found[0]):
            yield text[done : found.start()], ""
            yield found[0], url
            done = found.end()
    yield text[done:], ""


def abstract_paragraphs(paper: Paper) -> list[str]:
    """Its paragraphs, readable, each on one line."""
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(tex_to_unicode(paper.abstract)))
    return [part for part in parts if part]

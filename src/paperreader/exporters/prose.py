"""The parts of a paper as readable text, for Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.models import Paper
from paperreader.text.counts import format_count
from paperreader.text.dates import format_long_date
from paperreader.text.paper_urls import landing_page, links_by_priority
from paperreader.text.sanitize import single_line
from paperreader.text.tex.escape import URL_PATTERN
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import safe_url

_MAX_AUTHORS = 12
"""Authors that are listed by name; further ones are counted."""

_URL = re.compile(URL_PATTERN, re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def plain_title(paper: Paper) -> str:
    """Return the title as Unicode, or the id of a paper without one."""
    return single_line(tex_to_unicode(paper.title)) or single_line(paper.id)


def author_line(paper: Paper) -> str:
    """Return the authors, the first dozen by name."""
    names = ", ".join(single_line(tex_to_unicode(name)) for name in paper.credited[:_MAX_AUTHORS])
    more = len(paper.credited) - _MAX_AUTHORS
    return f"{names} and {more:,} more" if more > 0 else names


def metadata_line(paper: Paper) -> str:
    """Return date, journal or proceedings, id and votes, separated by dots."""
    parts = [format_long_date(paper.date)] if paper.date else []
    parts += [tex_to_unicode(paper.venue)] if paper.venue else []
    parts += [f"arXiv:{paper.arxiv}"] if paper.arxiv else []
    parts += [f"doi:{paper.doi}"] if paper.doi else []
    parts += [format_count(paper.votes, "vote")] if paper.votes else []
    return " · ".join(map(single_line, parts))


def labelled_links(paper: Paper) -> list[tuple[str, str]]:
    """Return each safe URL with a label: first the paper's own page, whose URL is empty if it has none."""
    page = landing_page(paper)
    others = [(link.kind, safe_url(link.url)) for link in links_by_priority(paper)]
    return [("page", page), *((kind, url) for kind, url in dict.fromkeys(others) if url and url != page)]


def split_links(text: str) -> Iterator[tuple[str, str]]:
    """Split `text` into parts, each with its URL if it is one, else with an empty text."""
    done = 0
    for found in _URL.finditer(text):
        if url := safe_url(found[0]):
            yield text[done : found.start()], ""
            yield found[0], url
            done = found.end()
    yield text[done:], ""


def abstract_paragraphs(paper: Paper) -> list[str]:
    """Return the paragraphs of the abstract as Unicode, each on one line."""
    parts = (" ".join(part.split()) for part in _PARAGRAPH.split(tex_to_unicode(paper.abstract)))
    return [part for part in parts if part]

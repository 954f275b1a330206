"""The URLs of a paper: its own pages, its links, and which of them can be copied or opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from paperreader.import_formats import TEXT_PAGE
from paperreader.models import Link, Paper
from paperreader.object_formats import HUGGING_FACE
from paperreader.text.url_display import display_url, link_kind_label
from paperreader.text.urls import clone_url, safe_url, url_key

_ACL_PAGE = re.compile(r"/([A-Za-z0-9.-]{4,80})/?")
"""The page of a paper in the ACL Anthology."""


class PaperUrl(NamedTuple):
    """A URL that can be opened or copied."""

    label: str
    """What it leads to, in the words of the detail: `paper`, `pdf`, `code` …"""
    url: str

    @property
    def display_text(self) -> str:
        """The URL as it is displayed."""
        return display_url(self.url)


def safe_code_link(paper: Paper) -> Link | None:
    """Return the code link that `y` copies; None if there is none that is safe to copy."""
    best = paper.code_link
    return best if best is not None and safe_url(best.url) else None


def landing_page(paper: Paper) -> str:
    """Return the URL of its own page: at arXiv, else its DOI, else the first link to a paper, else any; or empty."""
    if paper.arxiv and (page := safe_url(f"https://arxiv.org/abs/{paper.arxiv}")):
        return page
    if paper.doi and (resolver := safe_url(f"https://doi.org/{paper.doi}")):
        return resolver
    links = [*(link for link in paper.links if link.kind == "paper"), *paper.links]
    return (safe_url(links[0].url) or "") if links else ""


def pdf_url(paper: Paper, arxiv_url: str, version: int = 0) -> str:
    """Return the URL of its PDF: at arXiv, whose address is given, else the first link to a PDF; or empty.

    With `version`, only that version at arXiv.
    """
    if paper.arxiv:
        return f"{arxiv_url}/pdf/{paper.arxiv}{f'v{version}' if version else ''}"
    if version:
        return ""
    found = (_pdf_of_link(link.url) for link in paper.links if safe_url(link.url))
    return next(filter(None, found), "")


def _pdf_of_link(url: str) -> str:
    """Return the PDF that a link leads to, or that a known site has for the page; empty if neither is known."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if parts.path.lower().endswith(".pdf"):
        return parts._replace(fragment="").geturl()
    if host == "openreview.net" and parts.path in ("/forum", "/pdf"):
        return parts._replace(path="/pdf", fragment="").geturl()
    if host == "aclanthology.org" and (found := _ACL_PAGE.fullmatch(parts.path)):
        return parts._replace(path=f"/{found[1]}.pdf", query="", fragment="").geturl()
    return ""


def links_by_priority(paper: Paper) -> list[Link]:
    """Return the links: the repository that `y` copies, other repositories, then the rest in their order."""
    best = paper.code_link
    code = [link for link in paper.links if link.kind == "code" and link is not best]
    rest = [link for link in paper.links if link.kind != "code"]
    return [*([best] if best else []), *code, *rest]


def other_urls(paper: Paper) -> list[str]:
    """Return every safe URL of a paper except its landing page, by priority."""
    own = landing_page(paper)
    found = (safe_url(link.url) for link in links_by_priority(paper))
    return list(dict.fromkeys(url for url in found if url and url != own))


def copyable_urls(paper: Paper) -> list[PaperUrl]:
    """Return the URLs offered for copying: links as `git clone` takes them, then the paper's own pages."""
    links = [PaperUrl(link_kind_label(link.kind), clone_url(link)) for link in links_by_priority(paper)]
    return _unique_safe([*links, *_own_pages(paper)])


def openable_urls(paper: Paper, versions: Sequence[int] = ()) -> list[PaperUrl]:
    """Return the URLs offered for opening: page, PDF and discussion, pages of versions, then every link in full."""
    pages = f"https://arxiv.org/abs/{paper.arxiv}"
    return _unique_safe(
        [
            *_own_pages(paper),
            *(PaperUrl(f"v{number}", f"{pages}v{number}") for number in versions if paper.arxiv),
            *(PaperUrl(link_kind_label(link.kind), link.url) for link in links_by_priority(paper)),
        ]
    )


def _own_pages(paper: Paper) -> list[PaperUrl]:
    page = landing_page(paper)
    linked = next((link for link in paper.links if safe_url(link.url) == page), None)
    own = [PaperUrl(link_kind_label("paper" if linked is None else linked.kind), page)] if page else []
    if paper.arxiv:
        own.append(PaperUrl("pdf", f"https://arxiv.org/pdf/{paper.arxiv}"))
        if any(source.kind in (TEXT_PAGE, HUGGING_FACE) for source in paper.sources):
            own.append(PaperUrl(link_kind_label("paper"), f"https://huggingface.co/papers/{paper.arxiv}"))
    return own


def _unique_safe(urls: list[PaperUrl]) -> list[PaperUrl]:
    """Return the safe URLs, each once."""
    unique: dict[str, PaperUrl] = {}
    for paper_url in urls:
        if safe := safe_url(paper_url.url):
            unique.setdefault(url_key(safe), paper_url._replace(url=safe))
    return list(unique.values())

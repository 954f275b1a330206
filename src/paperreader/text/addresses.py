"""Where a paper stands on the web."""

from __future__ import annotations

import re

from paperreader.models import Link, Paper
from paperreader.text.characters import printable
from paperreader.text.links import safe_url

_SCHEME = re.compile(r"^https?://(?:www\.)?")

LONGEST_HOST = 40
"""Characters of a host that are shown; the end of a longer one, which says whose it is."""


def as_people_write(url: str) -> str:
    """An address without scheme, `www.` and a slash at the end; of a long host its end, which says whose it is.

    `github.com.and.so.on.evil.example` is not to pass for the beginning of itself.
    """
    shown = printable(url)
    bare = _SCHEME.sub("", shown).rstrip("/") or shown
    host, slash, path = bare.partition("/")
    return f"..{host[2 - LONGEST_HOST :]}{slash}{path}" if len(host) > LONGEST_HOST else bare


def page_of(paper: Paper) -> str:
    """The paper's own page: at arXiv, else behind its DOI, else the first link to a paper, else any link; or empty."""
    if paper.arxiv and (page := safe_url(f"https://arxiv.org/abs/{paper.arxiv}")):
        return page
    if paper.doi and (resolver := safe_url(f"https://doi.org/{paper.doi}")):
        return resolver
    links = [*(link for link in paper.links if link.kind == "paper"), *paper.links]
    return (safe_url(links[0].url) or "") if links else ""


def repository_of(paper: Paper) -> Link | None:
    """The primary repository, where its address is one to be trusted to a clipboard."""
    best = paper.code_link
    return best if best is not None and safe_url(best.url) else None


def links_best_first(paper: Paper) -> list[Link]:
    """The primary repository, the other repositories, then everything else as the source has it."""
    best = paper.code_link
    code = [link for link in paper.links if link.kind == "code" and link is not best]
    rest = [link for link in paper.links if link.kind != "code"]
    return [*([best] if best else []), *code, *rest]


def other_addresses(paper: Paper) -> list[str]:
    """Every safe address of a paper but its own page, the best first."""
    own = page_of(paper)
    found = (safe_url(link.url) for link in links_best_first(paper))
    return list(dict.fromkeys(url for url in found if url and url != own))

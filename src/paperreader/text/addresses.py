"""Where a paper stands on the web."""

from __future__ import annotations

from paperreader.models import Link, Paper
from paperreader.text.links import safe_url


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

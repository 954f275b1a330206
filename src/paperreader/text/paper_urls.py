"""Where a paper stands on the web, and what of it can be copied or opened."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.models import Link, Paper
from paperreader.text.url_display import as_people_write, kind_name
from paperreader.text.urls import clone_url, link_key, safe_url


class Address(NamedTuple):
    """Something that can be opened or copied."""

    label: str
    """What stands there, in the words of the detail: `paper`, `pdf`, `code` …"""
    url: str

    @property
    def shown(self) -> str:
        """The address as people read it."""
        return as_people_write(self.url)


def repository_of(paper: Paper) -> Link | None:
    """The link that `y` copies, where its address is one to be trusted to a clipboard."""
    best = paper.code_link
    return best if best is not None and safe_url(best.url) else None


def page_of(paper: Paper) -> str:
    """The paper's own page: at arXiv, else behind its DOI, else the first link to a paper, else any link; or empty."""
    if paper.arxiv and (page := safe_url(f"https://arxiv.org/abs/{paper.arxiv}")):
        return page
    if paper.doi and (resolver := safe_url(f"https://doi.org/{paper.doi}")):
        return resolver
    links = [*(link for link in paper.links if link.kind == "paper"), *paper.links]
    return (safe_url(links[0].url) or "") if links else ""


def links_best_first(paper: Paper) -> list[Link]:
    """The repository that `y` copies, the other repositories, then everything else as the source has it."""
    best = paper.code_link
    code = [link for link in paper.links if link.kind == "code" and link is not best]
    rest = [link for link in paper.links if link.kind != "code"]
    return [*([best] if best else []), *code, *rest]


def other_addresses(paper: Paper) -> list[str]:
    """Every safe address of a paper but its own page, the best first."""
    own = page_of(paper)
    found = (safe_url(link.url) for link in links_best_first(paper))
    return list(dict.fromkeys(url for url in found if url and url != own))


def to_copy(paper: Paper) -> list[Address]:
    """Addresses worth copying, the best first: links as `git clone` wants them, then the paper's own pages."""
    links = [Address(kind_name(link.kind), clone_url(link)) for link in links_best_first(paper)]
    return _distinct([*links, *_own(paper)])


def to_open(paper: Paper) -> list[Address]:
    """Addresses worth opening: page, PDF and discussion, then every link in full."""
    return _distinct(
        [*_own(paper), *(Address(kind_name(link.kind), link.url) for link in links_best_first(paper))]
    )


def _own(paper: Paper) -> list[Address]:
    page = page_of(paper)
    linked = next((link for link in paper.links if safe_url(link.url) == page), None)
    own = [Address(kind_name("paper" if linked is None else linked.kind), page)] if page else []
    if paper.arxiv:
        own.append(Address("pdf", f"https://arxiv.org/pdf/{paper.arxiv}"))
        if any(source.kind in ("capture", "huggingface") for source in paper.sources):
            own.append(Address(kind_name("paper"), f"https://huggingface.co/papers/{paper.arxiv}"))
    return own


def _distinct(addresses: list[Address]) -> list[Address]:
    """Each address once, and none that is not safe."""
    kept: dict[str, Address] = {}
    for address in addresses:
        if safe := safe_url(address.url):
            kept.setdefault(link_key(safe), address._replace(url=safe))
    return list(kept.values())

"""Where a paper stands on the web, and what of it can be copied or opened."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.models import Paper
from paperreader.text.addresses import as_people_write, links_best_first, page_of
from paperreader.text.links import clone_url, link_key, safe_url


class Address(NamedTuple):
    """Something that can be opened or copied."""

    label: str
    """`page`, `pdf`, `code` …"""
    url: str

    @property
    def shown(self) -> str:
        """The address as people read it."""
        return as_people_write(self.url)


def to_copy(paper: Paper) -> list[Address]:
    """Addresses worth copying, the best first: links as `git clone` wants them, then the paper's own pages."""
    links = [Address(link.kind, clone_url(link)) for link in links_best_first(paper)]
    return _distinct([*links, *_own(paper)])


def to_open(paper: Paper) -> list[Address]:
    """Addresses worth opening: page, PDF and discussion, then every link in full."""
    return _distinct([*_own(paper), *(Address(link.kind, link.url) for link in links_best_first(paper))])


def _own(paper: Paper) -> list[Address]:
    page = page_of(paper)
    own = [Address("page", page)] if page else []
    if paper.arxiv:
        own.append(Address("pdf", f"https://arxiv.org/pdf/{paper.arxiv}"))
        if any(source.kind in ("capture", "huggingface") for source in paper.sources):
            own.append(Address("talk", f"https://huggingface.co/papers/{paper.arxiv}"))
    return own


def _distinct(addresses: list[Address]) -> list[Address]:
    """Each address once, and none that is not safe."""
    kept: dict[str, Address] = {}
    for address in addresses:
        if safe_url(address.url) is not None:
            kept.setdefault(link_key(address.url), address)
    return list(kept.values())

"""Where a paper stands on the web, and what of it can be copied or opened."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.import_formats import HUGGING_FACE, TEXT_PAGE
from paperreader.models import Link, Paper
from paperreader.text.url_display import display_url, link_kind_label
from paperreader.text.urls import clone_url, safe_url, url_key


class PaperUrl(NamedTuple):
    """Something that can be opened or copied."""

    label: str
    """What stands there, in the words of the detail: `paper`, `pdf`, `code` …"""
    url: str

    @property
    def display_text(self) -> str:
        """The address as people read it."""
        return display_url(self.url)


def safe_code_link(paper: Paper) -> Link | None:
    """The link that `y` copies, where its address is one to be trusted to a clipboard."""
    best = paper.code_link
    return best if best is not None and safe_url(best.url) else None


def landing_page(paper: Paper) -> str:
    """The paper's own page: at arXiv, else behind its DOI, else the first link to a paper, else any link; or empty."""
    if paper.arxiv and (page := safe_url(f"https://arxiv.org/abs/{paper.arxiv}")):
        return page
    if paper.doi and (resolver := safe_url(f"https://doi.org/{paper.doi}")):
        return resolver
    links = [*(link for link in paper.links if link.kind == "paper"), *paper.links]
    return (safe_url(links[0].url) or "") if links else ""


def links_by_priority(paper: Paper) -> list[Link]:
    """The repository that `y` copies, the other repositories, then everything else as the source has it."""
    best = paper.code_link
    code = [link for link in paper.links if link.kind == "code" and link is not best]
    rest = [link for link in paper.links if link.kind != "code"]
    return [*([best] if best else []), *code, *rest]


def other_urls(paper: Paper) -> list[str]:
    """Every safe address of a paper but its own page, the best first."""
    own = landing_page(paper)
    found = (safe_url(link.url) for link in links_by_priority(paper))
    return list(dict.fromkeys(url for url in found if url and url != own))


def copyable_urls(paper: Paper) -> list[PaperUrl]:
    """Addresses worth copying, the best first: links as `git clone` wants them, then the paper's own pages."""
    links = [PaperUrl(link_kind_label(link.kind), clone_url(link)) for link in links_by_priority(paper)]
    return _unique_safe([*links, *_own_pages(paper)])


def openable_urls(paper: Paper) -> list[PaperUrl]:
    """Addresses worth opening: page, PDF and discussion, then every link in full."""
    return _unique_safe(
        [
            *_own_pages(paper),
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


def _unique_safe(addresses: list[PaperUrl]) -> list[PaperUrl]:
    """Each address once, and none that is not safe."""
    kept: dict[str, PaperUrl] = {}
    for address in addresses:
        if safe := safe_url(address.url):
            kept.setdefault(url_key(safe), address._replace(url=safe))
    return list(kept.values())

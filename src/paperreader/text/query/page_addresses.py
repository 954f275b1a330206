"""What the address of a page says about the paper on it: DOIs, and other addresses of the same page on known sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote

from paperreader.text.ids import parse_doi
from paperreader.text.urls import parse_link, url_key

_DOI_IN_PATH = re.compile(r"(?:/|=|doi:|%3a)(10\.[0-9]{4,9}(?:/|%2f)[^\s?#&]+)", re.IGNORECASE)
_AFTER_DOI = re.compile(
    r"(?:v[0-9]{1,2}|\.(?:full|abstract|article-info|short|pdf|epdf|full-text|full\.pdf))+$"
    r"|/(?:full|abstract|pdf|epdf|meta|html|summary|fulltext|full/html)$",
    re.IGNORECASE,
)
"""What sites add to the DOI in their addresses: bioRxiv, Springer, Frontiers, Wiley, IOP."""
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|ref|ref_src|source|download|via|nosfx)=", re.IGNORECASE)
"""Parameters that say where a reader comes from, and not which page it is."""
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


class PageIdentity(NamedTuple):
    """The paper that the page at an address is about."""

    dois: tuple[str, ...]
    """What may be its DOI."""
    keys: tuple[str, ...]
    """`url_key` of the addresses that the page has."""
    is_known_site: bool
    """Whether the address is one of papers, code or data."""


class _Site(NamedTuple):
    """A site with several addresses for one page, or with DOIs that follow from its addresses."""

    hosts: tuple[str, ...]
    """Without `www.`."""
    pattern: str
    """What of an address, after the host, names the page."""
    addresses: tuple[str, ...] = ()
    """The other addresses, after the host, with the groups of the pattern."""
    dois: tuple[str, ...] = ()


_ACL_ID = r"([A-Z][0-9]{2}-[0-9]{4}|[0-9]{4}\.[\w-]+\.[0-9]+)"
_NEURIPS = tuple(
    rf"/{folder}/\1/{name}"
    for folder in ("paper", "paper_files/paper")
    for name in (r"hash/\2-Abstract\3.html", r"file/\2-Paper\3.pdf")
)
_SITES: tuple[_Site, ...] = (
    _Site(
        ("openreview.net",),
        r"/(?:forum|pdf|attachment)\?(?:.*&)?id=([\w-]+).*",
        (r"/forum?id=\1", r"/pdf?id=\1"),
    ),
    # https://aclanthology.org/faq/bibkey/: most papers have a DOI that ends with their id.
    _Site(
        ("aclanthology.org", "aclweb.org"),
        rf"/(?:anthology/)?(?:papers/\w/\w+/)?{_ACL_ID}(?:v[0-9])?(?:\.pdf|\.bib)?/?",
        (r"/\1", r"/\1.pdf", r"/anthology/\1", r"/anthology/\1.pdf"),
        (r"10.18653/v1/\1", r"10.3115/v1/\1"),
    ),
    _Site(
        ("proceedings.mlr.press",),
        r"/([vr][0-9]+)/([\w-]+)(?:/\2)?\.(?:html|pdf)",
        (r"/\1/\2.html", r"/\1/\2/\2.pdf", r"/\1/\2.pdf"),
    ),
    _Site(
        ("openaccess.thecvf.com",),
        r"(/.+)/(?:html|papers)/(.+_paper)\.(?:html|pdf)",
        (r"\1/html/\2.html", r"\1/papers/\2.pdf"),
    ),
    _Site(
        ("papers.nips.cc", "papers.neurips.cc", "proceedings.neurips.cc"),
        r"/(?:paper_files/)?paper/([0-9]{4})/(?:hash|file)/([0-9a-f]+)-(?:Abstract|Paper)(-[\w-]+)?\.(?:html|pdf)",
        _NEURIPS,
    ),
    _Site(
        ("papers.nips.cc", "papers.neurips.cc"),
        r"(/paper/[0-9]{1,5}-[\w-]+)(?:\.pdf)?",
        (r"\1", r"\1.pdf"),
    ),
    _Site(
        ("ieeexplore.ieee.org",),
        r"/(?:abstract/|iel[0-9x]+/.*/0*|stamp/stamp\.jsp\?(?:.*&)?arnumber=)?(?:document/)?([0-9]{5,})(?:\.pdf|/.*|[?&].*)?",
        (r"/document/\1", r"/abstract/document/\1", r"/stamp/stamp.jsp?arnumber=\1"),
    ),
    _Site(("papers.ssrn.com", "ssrn.com"), r"/.*abstract(?:_id)?=([0-9]+).*", (), (r"10.2139/ssrn.\1",)),
    _Site(("eprint.iacr.org",), r"/([0-9]{4}/[0-9]{1,4})(?:\.pdf)?", (r"/\1", r"/\1.pdf")),
    _Site(
        ("sciencedirect.com",),
        r"/science/article/(?:abs/|am/)?pii/(\w+).*",
        (r"/science/article/pii/\1", r"/science/article/abs/pii/\1"),
    ),
    _Site(
        ("ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"),
        r"/(?:pmc/)?articles/(PMC[0-9]+).*",
        (r"/pmc/articles/\1", r"/articles/\1"),
    ),
    _Site(
        ("ncbi.nlm.nih.gov", "pubmed.ncbi.nlm.nih.gov"),
        r"/(?:pubmed/)?([0-9]{4,9})/?",
        (r"/pubmed/\1", r"/\1"),
    ),
    _Site(("semanticscholar.org",), r"/(?:paper|reader)/(?:[^/]+/)?([0-9a-f]{40}).*", (r"/paper/\1",)),
    _Site(
        ("ojs.aaai.org",),
        r"(/.*/article)/(?:view|download|viewFile)/([0-9]+)(?:/[0-9]+)?",
        (r"\1/view/\2", r"\1/download/\2"),
    ),
    _Site(("zenodo.org",), r"/records?/([0-9]+).*", (r"/record/\1", r"/records/\1"), (r"10.5281/zenodo.\1",)),
    _Site(
        ("osf.io",),
        r"/(?:preprints/)?(?:\w+/)?([a-z0-9]{5})/?",
        (),
        (r"10.17605/osf.io/\1", r"10.31219/osf.io/\1"),
    ),
    _Site(("figshare.com",), r"/articles/.*?/([0-9]{5,})(?:/[0-9]+)?", (), (r"10.6084/m9.figshare.\1",)),
    _Site(("data.mendeley.com",), r"/datasets/(\w+)(?:/([0-9]+))?", (), (r"10.17632/\1.\2", r"10.17632/\1")),
    _Site(("openneuro.org",), r"/datasets/(ds[0-9]+).*", (r"/datasets/\1",), (r"10.18112/openneuro.\1",)),
    _Site(("nature.com",), r"/articles/(s?[\w.-]+?)(?:\.pdf)?", (), (r"10.1038/\1",)),
    _Site(("dblp.org", "dblp.uni-trier.de"), r"/rec/(.+?)(?:\.html|\.bib)?", (r"/rec/\1", r"/rec/\1.html")),
)
"""Sites of `link_hosts`, and others that papers link to. Any address may also contain a DOI."""


def identify_page(address: str) -> PageIdentity | None:
    """Return what an address says about the paper on its page; None if it is no address of http or https.

    An address may lack its scheme if its site is known.
    """
    link = parse_link(address if _SCHEME.match(address) else f"https://{address}")
    if link is None:
        return None
    host, rest = link.host, link.url.partition("://")[2].partition("/")[2]
    is_known = link.kind != "other" or any(_matching_sites(host, f"/{rest}"))
    if not (is_known or _SCHEME.match(address) or address.lower().startswith("www.")):
        return None
    rest = _without_tracking(f"/{rest}")
    keys = [url_key(link.url), url_key(f"https://{host}{rest}")]
    dois = []
    if found := _DOI_IN_PATH.search(rest):
        doi = parse_doi(unquote(found[1]))
        dois += [doi, _AFTER_DOI.sub("", doi)]
    for site, match in _matching_sites(host, rest):
        keys += [
            url_key(f"https://{other}{match.expand(each)}")
            for other, each in product(site.hosts, site.addresses)
        ]
        dois += [match.expand(each).rstrip(".").lower() for each in site.dois]
    return PageIdentity(tuple(dict.fromkeys(filter(None, dois))), tuple(dict.fromkeys(keys)), is_known)


def _without_tracking(rest: str) -> str:
    rest = rest.partition("#")[0]
    path, _, parameters = rest.partition("?")
    kept = "&".join(each for each in parameters.split("&") if each and not _TRACKING.match(each))
    return f"{path}?{kept}" if kept else path


def _matching_sites(host: str, rest: str) -> Iterator[tuple[_Site, re.Match[str]]]:
    for site in _SITES:
        if any(host == each or host.endswith(f".{each}") for each in site.hosts) and (
            match := re.fullmatch(site.pattern, rest, re.IGNORECASE)
        ):
            yield site, match

"""Convert a page to a document."""

from __future__ import annotations

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from paperreader.fulltext.document import AnyBlock, Document, SourceName
from paperreader.fulltext.html.flow import Flow, PageState
from paperreader.fulltext.html.front_matter import Edition, read_edition
from paperreader.fulltext.html.handlers import HANDLERS
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.html.nesting import check_nesting
from paperreader.fulltext.html.nodes import Node, attribute
from paperreader.fulltext.html.recognition import check_content, decode_page, find_article, is_cut
from paperreader.fulltext.html.shapes import shape_of

_NOT_ENTERED = frozenset(("math", "picture", "image", "hidden", "verbatim"))


def convert_page(html: bytes, url: str = "") -> Document:
    """Return the full text in a page that was loaded from `url` (empty for a saved file).

    Raises:
        NotAFullText: the page is something else, too deeply nested.
    """
    check_nesting(html)
    text = decode_page(html)
    article, root = find_article(LexborHTMLParser(text).root)
    base = root.css_first("base[href]")
    base_address = attribute(base, "href") if base is not None else ""
    edition = read_edition(root, [url, base_address, *_own_addresses(root)])
    page = _page_state(article, root, url, base_address, edition)
    flow = Flow(page)
    flow.walk(article)
    flow.flush_lead()
    document = Document(
        title=page.title or (),
        blocks=_with_anchors(flow, page),
        source=_source(root, url),
        arxiv=edition.arxiv,
        version=edition.version,
        date=edition.date,
        license=edition.license,
        authors=tuple(page.authors),
        url=url,
        errors=page.errors,
        is_cut=is_cut(text, article),
    )
    check_content(document)
    return document


def _own_addresses(root: Node) -> list[str]:
    """Return the addresses that a page states as its own."""
    links = [attribute(link, "href") for link in root.css('link[rel="canonical"]')]
    return [*links, *(attribute(meta, "content") for meta in root.css('meta[property="og:url"]'))]


def _source(root: Node, url: str) -> SourceName:
    if "ar5iv" in url or root.css_first(".ar5iv-footer, a.ar5iv-home-button") is not None:
        return "ar5iv-html"
    return "arxiv-html"


def _page_state(article: Node, root: Node, url: str, base: str, edition: Edition) -> PageState:
    ids = frozenset(attribute(node, "id") for node in article.css("[id]"))
    links = PageLinks(url, base, edition.arxiv, edition.version, ids)
    targets = (links.target(attribute(link, "href")) for link in article.css('a[href*="#"]'))
    wanted = frozenset(target[1:] for target in targets if target.startswith("#"))
    page = PageState(article, links, wanted & ids, HANDLERS)
    page.inner_ids = _inner_ids(article, page.wanted)
    page.has_chapters = article.css_first(".ltx_title_chapter, .ltx_title_part") is not None
    return page


def _inner_ids(article: Node, wanted: frozenset[str]) -> dict[int, list[str]]:
    """Return the wanted ids inside of elements that are not entered, by the outermost of these."""
    found: dict[int, list[str]] = {}
    for node in article.css("[id]") if wanted else ():
        if (name := attribute(node, "id")) not in wanted:
            continue
        outermost = None
        parent = node.parent
        while parent is not None and parent.mem_id != article.mem_id:
            if shape_of(parent.tag or "", attribute(parent, "class")).kind in _NOT_ENTERED:
                outermost = parent
            parent = parent.parent
        if outermost is not None:
            found.setdefault(outermost.mem_id, []).append(name)
    return found


def _with_anchors(flow: Flow, page: PageState) -> tuple[AnyBlock, ...]:
    """Return the blocks; ids that were not met lead to the nearest block around them, the last ones to the last."""
    blocks = flow.blocks
    if not blocks:
        return ()
    if flow.anchors:
        blocks[-1] = replace(blocks[-1], anchors=(*blocks[-1].anchors, *flow.anchors))
    known = Document(title=(), blocks=tuple(blocks), source="arxiv-html").anchors
    missing = page.wanted - known.keys()
    if missing:
        for node in page.root.css("[id]"):
            name = attribute(node, "id")
            if name in missing:
                index = _nearest(node, known)
                blocks[index] = replace(blocks[index], anchors=(*blocks[index].anchors, name))
    return tuple(blocks)


def _nearest(node: Node, known: dict[str, int]) -> int:
    """Return the block of the innermost element around `node` that has one; 0 if none has."""
    parent = node.parent
    while parent is not None:
        if (name := attribute(parent, "id")) in known:
            return known[name]
        parent = parent.parent
    return 0

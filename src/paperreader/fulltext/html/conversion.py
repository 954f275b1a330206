"""Convert a page to a document."""

from __future__ import annotations

import re
from html import unescape

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from paperreader.fulltext.document import AnyBlock, Document, Piece, SourceName, Text
from paperreader.fulltext.html.flow import Flow, PageState
from paperreader.fulltext.html.front_matter import read_edition
from paperreader.fulltext.html.handlers import HANDLERS
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.html.nesting import check_nesting
from paperreader.fulltext.html.nodes import Node, attribute, plain_text
from paperreader.fulltext.html.recognition import check_content, decode_page, find_article, is_cut
from paperreader.fulltext.html.shapes import shape_of

_ID = re.compile(r"""\sid\s{0,9}=\s{0,9}(?:"([^"]{1,300})"|'([^']{1,300})')""", re.IGNORECASE)
_AR5IV = re.compile(r"""class=["']?ar5iv-""")
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
    source = _source(text, url)
    links = PageLinks(url, base_address, edition.arxiv, edition.version, _ids(text), source)
    wanted = _wanted(article, links)
    page = PageState(article, links, wanted, HANDLERS)
    blocks = _convert(article, page)
    if missing := wanted - _anchors(blocks).keys():
        # In an element that is not entered, such as a formula; hardly any page has such links.
        page = PageState(article, links, wanted, HANDLERS, _inner_ids(article, missing))
        blocks = _with_remaining_ids(_convert(article, page), page)
    document = Document(
        title=page.title or _title_of_window(root),
        blocks=tuple(blocks),
        source=source,
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


def _source(text: str, url: str) -> SourceName:
    return "ar5iv-html" if "ar5iv" in url or _AR5IV.search(text) else "arxiv-html"


def _convert(article: Node, page: PageState) -> list[AnyBlock]:
    flow = Flow(page)
    flow.walk(article)
    flow.flush_lead()
    if flow.anchors and flow.blocks:
        last = flow.blocks[-1]
        flow.blocks[-1] = replace(last, anchors=(*last.anchors, *flow.anchors))
    return flow.blocks


def _ids(text: str) -> frozenset[str]:
    return frozenset(unescape(name) if "&" in name else name for pair in _ID.findall(text) for name in pair)


def _title_of_window(root: Node) -> Text:
    """Return the title for the window, for papers that do not show one."""
    title = plain_text(root.css_first("title"))
    return (Piece(title),) if title else ()


def _wanted(article: Node, links: PageLinks) -> frozenset[str]:
    """Return the ids in the page to which links in it lead."""
    targets = (links.target(attribute(link, "href")) for link in article.css('a[href*="#"]'))
    return frozenset(target[1:] for target in targets if target.startswith("#")) & links.ids


def _anchors(blocks: list[AnyBlock]) -> dict[str, int]:
    return Document(title=(), blocks=tuple(blocks), source="arxiv-html").anchors


def _inner_ids(article: Node, wanted: frozenset[str]) -> dict[int, list[str]]:
    """Return the wanted ids inside of elements that are not entered, by the outermost of these."""
    found: dict[int, list[str]] = {}
    for node in article.css("[id]"):
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


def _with_remaining_ids(blocks: list[AnyBlock], page: PageState) -> list[AnyBlock]:
    """Return the blocks; ids that were not met lead to the block of the nearest element around them."""
    known = _anchors(blocks)
    missing = page.wanted - known.keys()
    for node in page.root.css("[id]") if missing and blocks else ():
        if (name := attribute(node, "id")) in missing:
            index = _nearest(node, known)
            blocks[index] = replace(blocks[index], anchors=(*blocks[index].anchors, name))
    return blocks


def _nearest(node: Node, known: dict[str, int]) -> int:
    """Return the block of the innermost element around `node` that has one; 0 if none has."""
    parent = node.parent
    while parent is not None:
        if (name := attribute(parent, "id")) in known:
            return known[name]
        parent = parent.parent
    return 0

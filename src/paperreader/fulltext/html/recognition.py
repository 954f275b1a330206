"""Recognise pages that are no full text: abstract pages, error pages, pages that authors wrote, parts of pages."""

from __future__ import annotations

import codecs
import re

from paperreader.fulltext.document import Document, Heading, Reference
from paperreader.fulltext.errors import NotAFullText
from paperreader.fulltext.html.nodes import Node, plain_text

_CHARSET = re.compile(rb"<meta[^>]{0,200}\bcharset\s{0,9}=\s{0,9}[\"']?([\w-]{2,20})", re.IGNORECASE)
_ERROR_TITLE = re.compile(
    r"\b(?:404|403|429|500|502|503|not found|no html for|forbidden|unavailable|rate limit|error|access denied"
    r"|just a moment|too many requests|captcha)\b",
    re.IGNORECASE,
)


def decode_page(html: bytes) -> str:
    """Return the text of a page, by its byte order mark, else its declaration, else as UTF-8."""
    if html.startswith(codecs.BOM_UTF8):
        return html.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if html.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return html.decode("utf-16", "replace")
    declared = _CHARSET.search(html, 0, 2048)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in ("iso-8859-1", "latin-1", "ascii", "us-ascii"):
        name = "windows-1252"
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except LookupError:
        is_text = False
    if not is_text or name.startswith("utf-16"):
        name = "utf-8"
    return html.decode(name, "replace").removeprefix("\ufeff")


def find_article(root: Node | None) -> tuple[Node, Node]:
    """Return the element that is the paper, and that of the page.

    Raises:
        NotAFullText: there is none.
    """
    article = root.css_first(".ltx_document") if root is not None else None
    if root is None or article is None:
        raise NotAFullText(_explain(root))
    return article, root


def _explain(root: Node | None) -> str:
    """Return what a page without an article is, in a sentence."""
    title = plain_text(root.css_first("title")) if root is not None else ""
    heading = plain_text(root.css_first("h1")) if root is not None else ""
    if root is None or not plain_text(root.css_first("body")):
        return "The page is empty."
    if root.css_first("blockquote.abstract, meta[name=citation_arxiv_id]") is not None:
        return "This is the abstract page of a paper. Its full text is at arxiv.org/html."
    if root.css_first(".ltx_bibliography, .ltx_bibitem") is not None:
        return "The page contains only a bibliography, without the text."
    if _ERROR_TITLE.search(title) or _ERROR_TITLE.search(heading):
        return f"The page is an error page: {(title or heading)[:80]}."
    if root.css_first("[class*=ltx_]") is not None:
        return "The page contains only a part of a paper."
    return "The page was not made from TeX, so that its parts are not marked. Read it in a browser."


def check_content(document: Document) -> None:
    """Raise `NotAFullText` if there is nothing to read."""
    if all(isinstance(block, Heading | Reference) for block in document.blocks):
        raise NotAFullText("The page contains no text of a paper.")


def is_cut(text: str, article: Node) -> bool:
    """Whether the page ends in the middle of the paper."""
    if article.tag == "article":
        return "</article" not in text and "</ARTICLE" not in text
    return not re.search(r"</(?:html|body)\b", text, re.IGNORECASE)

"""Pages in the shapes of LaTeXML, written for the tests."""

from __future__ import annotations

from paperreader.fulltext.document import Document
from paperreader.fulltext.html import convert_page

URL = "https://arxiv.org/html/2501.01234v2"


def article_page(body: str, *, head: str = "", after: str = "") -> bytes:
    """Return a page with `body` as the article."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>A Small Model</title>{head}</head><body>'
        f'<nav class="ltx_page_navbar">Contents of the page</nav><div class="ltx_page_content">'
        f'<article class="ltx_document"><h1 class="ltx_title ltx_title_document">A Small Model</h1>\n'
        f"{body}</article></div>{after}</body></html>"
    ).encode()


def convert_article(body: str, *, url: str = URL, head: str = "", after: str = "") -> Document:
    return convert_page(article_page(body, head=head, after=after), url)


def math(tex: str, display: str = "inline") -> str:
    """Return a formula as LaTeXML writes it."""
    escaped = tex.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<math alttext="{escaped}" class="ltx_Math" display="{display}"><semantics><mi>q</mi>'
        f'<annotation encoding="application/x-tex">{escaped}</annotation></semantics></math>'
    )


def paragraph(content: str, name: str = "") -> str:
    attribute = f' id="{name}"' if name else ""
    return f'<div{attribute} class="ltx_para"><p class="ltx_p">{content}</p></div>\n'

"""Pages with full texts, in the shape of arXiv's, with invented texts."""

from __future__ import annotations

from typing import Any

from tests.fetch.server import Reply

HTML = "text/html; charset=utf-8"


def full_text_page(id: str = "2611.00001", version: int = 1, words: str = "We count the bends.") -> str:
    """Return the page of a paper."""
    return f"""<!DOCTYPE html><html lang="en"><head><title>River Bends</title></head><body>
<nav class="ltx_page_navbar">Contents</nav>
<div id="watermark-tr">arXiv:{id}v{version} [cs.CL] 01 Nov 2026</div>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">River Bends</h1>
<section id="S1" class="ltx_section"><h2 class="ltx_title ltx_title_section"><span class="ltx_tag">1 </span>Idea</h2>
<div id="S1.p1" class="ltx_para"><p class="ltx_p">{words} Each has
<math alttext="b_{{i}}" display="inline"><semantics><mi>b</mi></semantics></math> stones.</p></div></section>
</article></body></html>
"""


def abstract_page() -> str:
    """Return a page about a paper that is no full text."""
    return (
        '<!DOCTYPE html><html><head><meta name="citation_arxiv_id" content="2611.00001"/></head><body>'
        '<h1 class="title">River Bends</h1><blockquote class="abstract">We count.</blockquote></body></html>'
    )


def page_reply(body: Any = None, **more: Any) -> Reply:
    """Return the response with a page, by default a full text."""
    return Reply(full_text_page() if body is None else body, **{"content_type": HTML, **more})


def not_found() -> Reply:
    """Return arXiv's response for a paper without HTML."""
    page = "<!DOCTYPE html><html><body><h1>No HTML for '2611.00001'</h1></body></html>"
    return Reply(page, status=404, content_type=HTML)

"""Export a self-contained web page without scripts, fonts or images, for light and dark mode and for print.

All text is escaped, and a content security policy forbids the page to load or run anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from paperreader.exporters.formats import ExportItem
from paperreader.exporters.prose import (
    abstract_paragraphs,
    author_line,
    generated_texts,
    labelled_links,
    metadata_line,
    plain_title,
    split_links,
)
from paperreader.text.markdown import note_to_html
from paperreader.text.sanitize import sanitize, single_line

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="paperreader">
<title>Reading list</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.55 Georgia, serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1, h2, .facts, .links, .tags { font-family: system-ui, sans-serif; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.2rem 0 .3rem; }
.facts, .links, .tags { font-size: .85rem; margin: .2rem 0; opacity: .85; }
.links a { margin-right: 1rem; }
.tags span { border: 1px solid; border-radius: .8rem; padding: 0 .5rem; margin-right: .4rem; }
.note { border-left: .25rem solid #b8860b; padding-left: .9rem; margin: .8rem 0; }
blockquote { border-left: .25rem solid #6a8caf; padding-left: .9rem; margin: .8rem 0; }
.generated { border-left: .25rem solid #999; padding-left: .9rem; margin: .3rem 0 .8rem; }
.comment { margin: -.4rem 0 .8rem 1.15rem; }
pre { overflow-x: auto; }
</style>
</head>
<body>
<h1>Reading list</h1>"""


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield the page, one article a paper."""
    yield _HEAD
    for item in papers:
        yield "\n".join(_article(item))
    yield "</body>\n</html>"


def _article(item: ExportItem) -> Iterator[str]:
    paper, mark = item.paper, item.mark
    (_, page), *others = labelled_links(paper)
    star = " ★" if mark.bookmarked else ""
    yield f'<article id="{escape(single_line(paper.id))}">'
    title = escape(plain_title(paper))
    yield f"<h2>{_link(page, title) if page else title}{star}</h2>"
    if names := author_line(paper):
        yield f'<p class="facts">{escape(names)}</p>'
    yield f'<p class="facts">{escape(metadata_line(paper))}</p>'
    if others:
        shown = " ".join(f"{kind} {_link(url, escape(url.partition('://')[2]))}" for kind, url in others)
        yield f'<p class="links">{shown}</p>'
    if mark.tag_names:
        tags = "".join(f"<span>{escape(single_line(tag))}</span>" for tag in mark.tag_names)
        yield f'<p class="tags">{tags}</p>'
    for paragraph in abstract_paragraphs(paper):
        parts = (_link(url, escape(part)) if url else escape(part) for part, url in split_links(paragraph))
        yield f"<p>{''.join(parts)}</p>"
    if note := sanitize(mark.note_text).strip():
        yield f'<div class="note">{note_to_html(note, heading_shift=2)}</div>'
    for highlight in mark.passages:
        yield f"<blockquote>{escape(single_line(highlight.quote))}</blockquote>"
        if comment := sanitize(highlight.comment).strip():
            yield f'<div class="comment">{note_to_html(comment, heading_shift=2)}</div>'
    for label, text in generated_texts(mark):
        yield f'<p class="facts">{escape(label)}</p>'
        yield f'<div class="generated">{note_to_html(text, heading_shift=2)}</div>'
    yield "</article>"


def _link(url: str, shown: str) -> str:
    return f'<a href="{escape(url)}">{shown}</a>'

"""The formats of a digest: one module each, with one row in `RENDERERS`. Import only this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paperreader.digest.digest import Digest
from paperreader.digest.render import html, markdown, rss, text
from paperreader.text.sanitize import clean_output

Renderer = Callable[[Digest], Iterator[str]]


def _cleaned(render: Renderer) -> Renderer:
    """Return a renderer whose lines contain nothing that controls a terminal or cannot be seen."""
    return lambda digest: map(clean_output, render(digest))


RENDERERS: Mapping[str, Renderer] = {
    "markdown": _cleaned(markdown.render),
    "html": _cleaned(html.render),
    "text": _cleaned(text.render),
    "rss": _cleaned(rss.render),
}
"""By name, a function that yields the lines of the document without line ends."""

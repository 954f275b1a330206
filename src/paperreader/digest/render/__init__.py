"""The formats of a digest: one module each, with one row in `RENDERERS`. Import only this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paperreader.digest.digest import Digest
from paperreader.digest.render import html, markdown, rss, text

RENDERERS: Mapping[str, Callable[[Digest], Iterator[str]]] = {
    "markdown": markdown.render,
    "html": html.render,
    "text": text.render,
    "rss": rss.render,
}
"""By name, a function that yields the lines of the document without line ends."""

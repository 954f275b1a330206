"""The forms a digest can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paperreader.digest.digest import Digest
from paperreader.digest.render import html as render_html
from paperreader.digest.render import markdown, rss
from paperreader.digest.render import text as render_text

RENDERERS: Mapping[str, Callable[[Digest], Iterator[str]]] = {
    "markdown": markdown.render,
    "html": render_html.render,
    "text": render_text.render,
    "rss": rss.render,
}
"""By name, what gives the lines of the document without their ends."""

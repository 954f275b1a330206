"""The forms a digest can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paperreader.digest.digest import Digest
from paperreader.digest.render import html as render_html
from paperreader.digest.render import markdown, rss
from paperreader.digest.render import text as render_text

FORMS: Mapping[str, Callable[[Digest], Iterator[str]]] = {
    "markdown": markdown.lines,
    "html": render_html.lines,
    "text": render_text.lines,
    "rss": rss.lines,
}
"""By name, what gives the lines of the document without their ends."""

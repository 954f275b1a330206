"""The forms a digest can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from paperreader.digest import as_html, as_markdown, as_rss, as_text
from paperreader.digest.gathering import Digest

FORMS: Mapping[str, Callable[[Digest], Iterator[str]]] = {
    "markdown": as_markdown.lines,
    "html": as_html.lines,
    "text": as_text.lines,
    "rss": as_rss.lines,
}
"""By name, what gives the lines of the document without their ends."""

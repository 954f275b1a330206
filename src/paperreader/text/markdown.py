"""Markdown: text that is to stand for itself in it, and a parser for what people write in notes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from paperreader.text.links import safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SIGNS = re.compile(r"https?://[^\s<>\\]+[^\s<>\\.,;:!?)\]'\"*]|[\\`*_\[\]<>#|~&$!]")
_AT_THE_BEGINNING = re.compile(r"^(\s*)([-+=]|[0-9]{1,9}(?=[.)]))", re.MULTILINE)
_TAG = re.compile(r"(`+)(?:.*?[^`])\1(?!`)|<(?!https?://)(?=[A-Za-z/!?])", re.DOTALL)


def escaped(text: str) -> str:
    """`text` so that Markdown shows it to the letter; web addresses become links."""
    text = _SIGNS.sub(lambda found: f"<{found[0]}>" if found[0][0] == "h" else f"\\{found[0]}", text)
    return _AT_THE_BEGINNING.sub(_escape_beginning, text)


def without_tags(note: str) -> str:
    """Markdown whose HTML is shown instead of obeyed; code stays as it is."""
    return _TAG.sub(lambda found: found[0] if found[1] else "\\<", note)


@lru_cache(1)
def parser() -> MarkdownIt:
    """CommonMark without HTML and images: nothing is fetched or obeyed. A line of hyphens parts; it is no heading.

    Addresses that are not http or https are no links.
    """
    from markdown_it import MarkdownIt  # 30 ms, for those who write notes

    made = MarkdownIt("commonmark", {"html": False}).disable(
        ["html_block", "html_inline", "image", "lheading", "reference", "entity"]
    )
    made.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    return made


def _escape_beginning(found: re.Match[str]) -> str:
    blanks, sign = found[1], found[2]
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"

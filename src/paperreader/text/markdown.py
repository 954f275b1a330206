"""Markdown: text that is to stand for itself in it, and a parser for what people write in notes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from paperreader.text.links import safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SIGNS = re.compile(r"[\\`*_\[\]<>#&~|$!^{}]")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|@", re.I)
"""What makes an address into a link, or a word into a mention, by itself."""
_FIRST = re.compile(r"(?:[-+=:]|(\d{1,9})([.)]))(?=\s|[-=+:]|\Z)")
"""What makes a list, a rule or an underline of a line that begins with it."""
_TAG = re.compile(r"<(?!https?://)(?=[A-Za-z/!?])")
_TICKS = re.compile(r"`+")


def escaped(text: str) -> str:
    """`text` on one line, shown by any Markdown as it stands: its signs behind backslashes (CommonMark 0.31, 2.4)."""
    safe = _ADDRESS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\g<0>", " ".join(text.split())))
    begins = _FIRST.match(safe)
    if not begins:
        return safe
    at = begins.end(1) if begins[1] else 0
    return f"{safe[:at]}\\{safe[at:]}"


def without_tags(note: str) -> str:
    """Markdown whose HTML is shown instead of obeyed; code, between equally long runs of backticks, stays as it is."""
    runs = [found.span() for found in _TICKS.finditer(note)]
    following: dict[int, int] = {}
    """The next run of each length, seen from the end."""
    closing: dict[int, int] = {}
    for begin, end in reversed(runs):
        if end - begin in following:
            closing[begin] = following[end - begin]
        following[end - begin] = end
    shown: list[str] = []
    done = 0
    for begin, _ in runs:
        if begin >= done and begin in closing:
            shown += [_TAG.sub(r"\\<", note[done:begin]), note[begin : closing[begin]]]
            done = closing[begin]
    return "".join([*shown, _TAG.sub(r"\\<", note[done:])])


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

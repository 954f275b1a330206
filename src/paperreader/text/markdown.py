"""Markdown: text that is to stand for itself in it, and a parser for what people write in notes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from paperreader.text.links import safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SIGNS = re.compile(r"[\\`*_\[\]<>#|~&$!]")
_SIGNS_AND_LINKS = re.compile(rf"https?://[^\s<>\\]+[^\s<>\\.,;:!?)\]'\"*]|{_SIGNS.pattern}", re.IGNORECASE)
_AT_THE_BEGINNING = re.compile(r"^([ \t]*)([-+=]|[0-9]{1,9}(?=[.)]))", re.MULTILINE)
_TAG = re.compile(r"<(?!https?://)(?=[A-Za-z/!?])")
_TICKS = re.compile(r"`+")


def escaped(text: str, *, links: bool = False) -> str:
    """`text` so that Markdown shows it to the letter; with `links`, web addresses lead where they lead."""
    if links:
        text = _SIGNS_AND_LINKS.sub(
            lambda found: f"<{found[0]}>" if found[0][0] in "hH" else f"\\{found[0]}", text
        )
    else:
        text = _SIGNS.sub(r"\\\g<0>", text)
    return _AT_THE_BEGINNING.sub(_escape_beginning, text)


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


def _escape_beginning(found: re.Match[str]) -> str:
    blanks, sign = found[1], found[2]
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"

"""Markdown: text that is to stand for itself in it, and a parser for what people write in notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from paperreader.text.urls import safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SIGNS = re.compile(r"[\\`*_\[\]<>#&~|$!^{}]")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|@", re.I)
"""What makes an address into a link, or a word into a mention, by itself."""
_FIRST = re.compile(r"(?:[-+=:]|(\d{1,9})([.)]))(?=\s|[-=+:]|\Z)")
"""What makes a list, a rule or an underline of a line that begins with it."""
_TAG = re.compile(r"(?<!\\)((?:\\\\)*)<(?!https?://)(?=[A-Za-z/!?])")
"""The beginning of a tag that no backslash stands for."""
_CODE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)")
"""Between two runs of backticks of one length."""
_DOUBTFUL = re.compile(r"\\`|<https?://[^>]*`")
"""Backticks that may not be such runs: escaped, or inside an address."""
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
_INNER_FENCE = re.compile(r"(?:[\s>*+-]|\d++[.)])+(?:```|~~~)")
"""One that begins a line inside a list or a quotation, or a little further to the right."""


def escape_markdown(text: str) -> str:
    """`text` on one line, shown by any Markdown as it stands: its signs behind backslashes (CommonMark 0.31, 2.4)."""
    safe = _ADDRESS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\g<0>", " ".join(text.split())))
    begins = _FIRST.match(safe)
    if not begins:
        return safe
    at = begins.end(1) if begins[1] else 0
    return f"{safe[:at]}\\{safe[at:]}"


def escape_html_tags(note: str) -> str:
    """Markdown whose HTML is shown instead of obeyed. What is certainly code stays as it is: between fences that begin
    a line, and between equally long runs of backticks on one line.

    CommonMark 0.31, 4.5 and 6.1. Where it is not certain (a run without its other half on the line may find it further
    on, one behind a backslash may be none, a fence further to the right may be the end of another), tags are made
    harmless in code too, which shows the backslashes.
    """
    lines = note.split("\n")
    certain = next((number for number, line in enumerate(lines) if _INNER_FENCE.match(line)), len(lines))
    shown: list[str] = []
    paragraph: list[str] = []
    fence: re.Pattern[str] | None = None
    for line in lines[:certain]:
        opening = None if fence else _FENCE.match(line)
        if fence or opening or not line.strip():
            shown += [*_escape_tags_in_paragraph(paragraph), line]
            paragraph = []
        else:
            paragraph.append(line)
        if opening:
            fence = re.compile(rf" {{0,3}}{opening[1][0]}{{{len(opening[1])},}}[ \t]*")
        elif fence and fence.fullmatch(line):
            fence = None
    rest = [_TAG.sub(r"\1\\<", line) for line in [*paragraph, *lines[certain:]]]
    return "\n".join([*shown, *(rest if certain < len(lines) else _escape_tags_in_paragraph(paragraph))])


def _escape_tags_in_paragraph(lines: Sequence[str]) -> Iterator[str]:
    certain = not any(_DOUBTFUL.search(line) or "`" in _CODE.sub("", line) for line in lines)
    for line in lines:
        done, parts = 0, []
        for code in _CODE.finditer(line) if certain else ():
            parts += [_TAG.sub(r"\1\\<", line[done : code.start()]), code[0]]
            done = code.end()
        yield "".join([*parts, _TAG.sub(r"\1\\<", line[done:])])


@lru_cache(1)
def note_parser() -> MarkdownIt:
    """CommonMark without HTML and images: nothing is fetched or obeyed. A line of hyphens parts; it is no heading.

    Addresses that are not http or https are no links.
    """
    from markdown_it import MarkdownIt  # 30 ms, for those who write notes

    made = MarkdownIt("commonmark", {"html": False}).disable(
        ["html_block", "html_inline", "image", "lheading", "reference", "entity"]
    )
    made.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    return made

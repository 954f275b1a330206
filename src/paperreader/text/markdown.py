"""Escape text for Markdown, and parse the Markdown of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from paperreader.text.urls import safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SPECIAL_CHARACTERS = re.compile(r"[\\`*_\[\]<>#&~|$!^{}]")
_AUTOLINK = re.compile(r":(?=//)|(?<=www)\.|@", re.I)
"""What turns a URL into a link, or a word into a mention, without other markup."""
_LINE_MARKER = re.compile(r"(?:[-+=:]|(\d{1,9})([.)]))(?=\s|[-=+:]|\Z)")
"""What makes a line that begins with it a list item, a rule or an underline."""
_TAG = re.compile(r"(?<!\\)((?:\\\\)*)<(?!https?://)(?=[A-Za-z/!?])")
"""The beginning of a tag that is not escaped."""
_CODE_SPAN = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)")
"""Between two runs of backticks of the same length."""
_AMBIGUOUS_BACKTICKS = re.compile(r"\\`|<https?://[^>]*`")
"""Backticks that may not be such runs: escaped, or inside a URL."""
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
_INNER_FENCE = re.compile(r"(?:[\s>*+-]|\d++[.)])+(?:```|~~~)")
"""A fence inside a list or a quotation, or indented."""


def escape_markdown(text: str) -> str:
    """Return `text` on one line with everything escaped that has a meaning in Markdown (CommonMark 0.31, 2.4)."""
    safe = _AUTOLINK.sub(r"\\\g<0>", _SPECIAL_CHARACTERS.sub(r"\\\g<0>", " ".join(text.split())))
    begins = _LINE_MARKER.match(safe)
    if not begins:
        return safe
    at = begins.end(1) if begins[1] else 0
    return f"{safe[:at]}\\{safe[at:]}"


def escape_html_tags(note: str) -> str:
    """Return Markdown with its HTML tags escaped, so that they are displayed as text. Code stays unchanged: between
    fences at the beginning of a line, and between runs of backticks of the same length on one line.

    CommonMark 0.31, 4.5 and 6.1. Where it is uncertain what is code (a run may be closed on a later line, an escaped
    one may not count, an indented fence may close another), tags are escaped in code too, which shows the backslashes.
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
    certain = not any(_AMBIGUOUS_BACKTICKS.search(line) or "`" in _CODE_SPAN.sub("", line) for line in lines)
    for line in lines:
        done, parts = 0, []
        for code in _CODE_SPAN.finditer(line) if certain else ():
            parts += [_TAG.sub(r"\1\\<", line[done : code.start()]), code[0]]
            done = code.end()
        yield "".join([*parts, _TAG.sub(r"\1\\<", line[done:])])


@lru_cache(1)
def note_parser() -> MarkdownIt:
    """Return a CommonMark parser without HTML and images, so that nothing is fetched or executed.

    A line of hyphens is a rule and not a heading. Only http and https URLs become links.
    """
    from markdown_it import MarkdownIt  # 30 ms, only needed for notes

    made = MarkdownIt("commonmark", {"html": False}).disable(
        ["html_block", "html_inline", "image", "lheading", "reference", "entity"]
    )
    made.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    return made


def note_to_html(note: str, *, heading_shift: int = 0) -> str:
    """Return a Markdown note as HTML, in which HTML of the note is text. Headings become deeper by `heading_shift`."""
    tokens = note_parser().parse(note)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + heading_shift)}"
    return str(note_parser().renderer.render(tokens, note_parser().options, {})).strip()

r"""Convert the TeX notes of BibLaTeX files from other programs to Markdown.

Only emphasis, links, lists and paragraphs. The rest is left to `escape.unescape_tex`, for which exported notes are
written: `escape.escape_tex` writes none of these commands.
"""

from __future__ import annotations

import re

_MARKERS = {"textbf": "**", "textit": "*", "emph": "*", "texttt": "`"}
_ARGUMENT = r"((?:[^{}\\]|\\[^\n]|\{[^{}]{0,999}\}){0,999})"
_EMPHASIS = re.compile(rf"\\({'|'.join(_MARKERS)})\{{{_ARGUMENT}\}}")
_LINK = re.compile(rf"\\href\{{([^{{}}\s]{{1,2000}})\}}\{{{_ARGUMENT}\}}")
_URL = re.compile(r"\\url\{([^{}\s]{1,2000})\}")
_LISTS = re.compile(r"\\(?:begin|end)\{(?:itemize|enumerate|quote|quotation)\}[ \t]*")
_ITEM = re.compile(r"\s*\\item(?![A-Za-z])\s*")
_PARAGRAPH = re.compile(r"\s*\\par(?![A-Za-z])\s*")
_BLANK_LINES = re.compile(r"\n{3,}")
_MAX_NESTING = 8
"""Levels of nested emphasis; deeper ones stay unchanged."""


def tex_to_markdown(source: str) -> str:
    """Return a note with emphasis, links, lists and paragraphs in Markdown, and the rest of its TeX unchanged."""
    if "\\" not in source:
        return source
    text = _PARAGRAPH.sub("\n\n", _ITEM.sub("\n- ", _LISTS.sub("\n", source)))
    text = _URL.sub(r"<\1>", _LINK.sub(r"[\2](\1)", text))
    for _ in range(_MAX_NESTING):
        text, changed = _EMPHASIS.subn(_emphasize, text)
        if not changed:
            break
    return _BLANK_LINES.sub("\n\n", text) if text != source else source


def _emphasize(found: re.Match[str]) -> str:
    """Return the words with their signs, between which Markdown allows no blanks."""
    inside, sign = found[2], _MARKERS[found[1]]
    words = inside.strip()
    if not words:
        return inside
    before, _, after = inside.partition(words)
    return f"{before}{sign}{words}{sign}{after}"

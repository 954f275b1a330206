r"""Notes that other programs keep in TeX, as BibLaTeX files have them, made into the Markdown that ours are.

Emphasis, links, lists and paragraphs; everything else stays for `literal.plain`, which our own notes are written for:
none of these commands is among what `literal.literal` writes.
"""

from __future__ import annotations

import re

_SIGNS = {"textbf": "**", "textit": "*", "emph": "*", "texttt": "`"}
_INSIDE = r"((?:[^{}\\]|\\[^\n]|\{[^{}]{0,999}\}){0,999})"
_EMPHASIS = re.compile(rf"\\({'|'.join(_SIGNS)})\{{{_INSIDE}\}}")
_LINK = re.compile(rf"\\href\{{([^{{}}\s]{{1,2000}})\}}\{{{_INSIDE}\}}")
_ADDRESS = re.compile(r"\\url\{([^{}\s]{1,2000})\}")
_LISTS = re.compile(r"\\(?:begin|end)\{(?:itemize|enumerate|quote|quotation)\}[ \t]*")
_ITEM = re.compile(r"\s*\\item(?![A-Za-z])\s*")
_PARAGRAPH = re.compile(r"\s*\\par(?![A-Za-z])\s*")
_GAPS = re.compile(r"\n{3,}")
_MAX_NESTING = 8
"""Pieces of emphasis within each other; what is deeper stays as it is."""


def tex_to_markdown(source: str) -> str:
    """A note with its emphasis, links, lists and paragraphs in Markdown, the rest of its TeX as it was."""
    if "\\" not in source:
        return source
    text = _PARAGRAPH.sub("\n\n", _ITEM.sub("\n- ", _LISTS.sub("\n", source)))
    text = _ADDRESS.sub(r"<\1>", _LINK.sub(r"[\2](\1)", text))
    for _ in range(_MAX_NESTING):
        text, changed = _EMPHASIS.subn(_emphasised, text)
        if not changed:
            break
    return _GAPS.sub("\n\n", text) if text != source else source


def _emphasised(found: re.Match[str]) -> str:
    """The words between signs, which Markdown wants close to them."""
    inside, sign = found[2], _SIGNS[found[1]]
    words = inside.strip()
    if not words:
        return inside
    before, _, after = inside.partition(words)
    return f"{before}{sign}{words}{sign}{after}"

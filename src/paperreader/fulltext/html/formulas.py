"""Read formulas: the TeX of one, and the rows of displayed ones."""

from __future__ import annotations

import re

from paperreader.fulltext.html.nodes import Node, attribute, find, raw_text

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[ \t]*\r?\n[ \t]*")
"""LaTeXML breaks long formulas into lines with a comment at the end of each."""

_COLOR = re.compile(r"\\definecolor(?:\[[^\]]{0,40}\])?\{[^{}]{0,60}\}\{[^{}]{0,40}\}\{[^{}]{0,80}\}")
"""Definitions that packages for drawing leave in formulas."""

_SIZE = re.compile(
    r"\A(?:\s*\\(?:displaystyle|textstyle|tiny|scriptsize|footnotesize|small|normalsize|large)(?![A-Za-z])\s*)+"
)
_WHITE_SPACE = re.compile(r"\s+")
_TEX = 'annotation[encoding="application/x-tex"]'


def formula_tex(node: Node) -> str:
    """Return the TeX of a formula, on one line, without what LaTeXML inserted.

    Engrafo replaced the elements by spans of MathJax or KaTeX, which contain the TeX as well.
    """
    tex = attribute(node, "alttext")
    if not tex and (annotation := find(node, _TEX)) is not None:
        tex = raw_text(annotation)
    if not tex and (labelled := find(node, "[aria-label]")) is not None:
        tex = attribute(labelled, "aria-label")
    if not tex and (inner := find(node, "math")) is not None:
        tex = attribute(inner, "alttext")
    return clean_tex(tex or raw_text(node))


def clean_tex(tex: str) -> str:
    """Return TeX on one line, without comments, definitions of colors, and the size at its beginning."""
    if "%" in tex:
        tex = _COMMENT.sub(r"\1", tex)
    if "\\definecolor" in tex:
        tex = _COLOR.sub("", tex)
    return _SIZE.sub("", _WHITE_SPACE.sub(" ", tex)).strip()


_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


def text_tex(text: str) -> str:
    """Return TeX for words inside a formula."""
    escaped = _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\\" + found[0]), text)
    return rf"\text{{{escaped}}}" if text.strip() else ""

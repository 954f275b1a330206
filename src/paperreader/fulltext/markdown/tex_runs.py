"""Find TeX in prose: the converter of the page removed the dollar signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.fulltext.document import Piece
from paperreader.text.tex.scanner import brace_pairs

_TEX_WORD = re.compile(r"\\[A-Za-z]+|[_^]\{|[A-Za-z0-9][_^][A-Za-z0-9](?![\w])")
_RELATION = re.compile(r"[=<>+\-*/|&≤≥≈∈×·]+|[0-9.,]+|[A-Za-z]")
_MAX_WORDS = 60
_PUNCTUATION = re.compile(r"[.,;:!?]+\Z")
_WORDS = re.compile(r"\s+|\S+")
_PROSE = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
_NUMBER = re.compile(r"\s*(\([0-9]{1,3}[a-z]?\))\Z")


def split_formula(text: str) -> tuple[str, str] | None:
    """Return TeX and number of a paragraph that is a displayed formula; None for prose."""
    found = _NUMBER.search(text)
    tex = text[: found.start()] if found else text
    without_names = re.sub(r"\\[A-Za-z]+\*?(?:\{[A-Za-z ]{1,40}\})?", "", tex)
    if not _TEX_WORD.search(tex) or len(_PROSE.findall(without_names)) > 1 or not _is_balanced(tex):
        return None
    return tex.strip(), found[1] if found else ""


def split_text(text: str, style: str, target: str) -> Iterator[Piece]:
    """Yield a text as pieces: words that contain TeX, with signs between them, are formulas."""
    if not _TEX_WORD.search(text):
        yield Piece(text, "text", style, target)
        return
    prose: list[str] = []
    formula: list[str] = []
    depth = 0
    for word in _WORDS.findall(text):
        is_inside = depth > 0 and len(formula) < _MAX_WORDS
        if is_inside or _TEX_WORD.search(word) or (formula and (word.isspace() or _RELATION.fullmatch(word))):
            formula.append(word)
            depth += word.count("{") - word.count("}")
            if depth <= 0 and _PUNCTUATION.search(word):
                yield from _flush(prose, formula, style, target)
            continue
        yield from _flush(prose, formula, style, target)
        depth = 0
        prose.append(word)
    yield from _flush(prose, formula, style, target)
    if prose:
        yield Piece("".join(prose), "text", style, target)


def _flush(prose: list[str], formula: list[str], style: str, target: str) -> Iterator[Piece]:
    """Yield prose and formula, if the formula is one; else it stays prose. Both lists are changed."""
    if not formula:
        return
    tail: list[str] = []
    while formula and (formula[-1].isspace() or _RELATION.fullmatch(formula[-1])):
        tail.insert(0, formula.pop())
    tex = "".join(formula)
    formula.clear()
    after = _PUNCTUATION.search(tex)
    if after:
        tex = tex[: after.start()]
        tail.insert(0, after[0])
    if tex and _is_balanced(tex):
        if prose:
            yield Piece("".join(prose), "text", style, target)
            prose.clear()
        yield Piece(" ".join(tex.split()), "math", "", target)
    else:
        prose.append(tex)
    prose.extend(tail)


def _is_balanced(tex: str) -> bool:
    pairs = len(brace_pairs(tex))
    return tex.count("{") - tex.count("\\{") == pairs and tex.count("}") - tex.count("\\}") == pairs

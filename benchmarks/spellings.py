"""Names and terms that are written in several ways, and how well a search for one way finds the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from paperreader.models import PaperTable
from paperreader.search import SearchEngine
from paperreader.text.tex_display import tex_to_unicode

TOP_RESULTS = 10
_SEPARATOR = r"[\s\-‐‑–_]*"
_MIN_PAPERS = 3
"""Terms in fewer papers are not measured."""


class Term(Struct, frozen=True):
    """A term and how it is searched."""

    queries: tuple[str, ...]
    pattern: str
    """Matches every spelling in a displayed text."""


def compound(*parts: str, plural: str = "s?") -> Term:
    """Return a term that is written joined, with hyphens, and with spaces."""
    queries = tuple(dict.fromkeys(sep.join(parts) for sep in ("", "-", " ")))
    return Term(queries, rf"\b{_SEPARATOR.join(map(re.escape, parts))}{plural}\b")


TERMS = (
    compound("zero", "shot"),
    compound("multi", "agent"),
    compound("multi", "modal"),
    compound("pre", "training"),
    compound("flash", "attention"),
    compound("deep", "seek"),
    compound("fine", "tuning"),
    compound("data", "set"),
    compound("auto", "encoder"),
    compound("vision", "language"),
    compound("Qwen", "3"),
    compound("Qwen", "2.5"),
    compound("GPT", "4"),
    compound("Llama", "3"),
    Term(
        ("text2image", "text-to-image", "text to image"),
        rf"\btext{_SEPARATOR}(?:to|2){_SEPARATOR}images?\b",
    ),
    Term(("π0", "pi0", "π_0", "π₀"), r"(?:π|\bpi)[\s_({]*(?:0|₀)(?!\d)"),
    Term(("β-VAE", "beta-VAE", "beta vae"), r"(?:β|\bbeta)[\s-]*VAEs?\b"),
    Term(("behaviour", "behavior", "behaviours"), r"\bbehaviou?rs?\b"),
    Term(("optimisation", "optimization"), r"\boptimi[sz]ations?\b"),
    Term(("modelling", "modeling"), r"\bmodell?ing\b"),
    Term(("colour", "color"), r"\bcolou?rs?\b"),
    Term(("matrix", "matrices"), r"\bmatri(?:x|ces)\b"),
    Term(("index", "indices", "indexes"), r"\bind(?:ex|ices|exes)\b"),
    Term(("hypothesis", "hypotheses"), r"\bhypothes[ie]s\b"),
    Term(("C++",), r"\bC\+\+(?![\w+])"),
    Term(("C#",), r"\bC#(?![\w#])"),
    Term(("LoRA+",), r"\bLoRA\+(?![\w+])"),
    Term(("Q*",), r"\bQ[*∗⋆](?![\w*])"),
    Term(("S4",), r"\bS4\b"),
    Term(("R1-Zero",), rf"\bR1{_SEPARATOR}Zero\b"),
)

EXACT_WORDS = ("VAR", "CAM", "MoD", "R", "SAM", "university", "indices", "general", "organ", "universal")
"""Words as typed, in capitals if so, that have other words of the same stem or with that prefix."""


def measure_spellings(index: SearchEngine, table: PaperTable) -> Iterator[tuple[str, float, float, int]]:
    """Yield for each query the share of papers found, the share of true papers among the first ten, and the papers."""
    texts = {row: _text(table, row) for row in table.newest}
    for term in TERMS:
        pattern = re.compile(term.pattern, re.IGNORECASE)
        true = {row for row, text in texts.items() if pattern.search(text)}
        if len(true) < _MIN_PAPERS:
            continue
        for query in term.queries:
            hits = index.search(query, table, {}, is_typing=False)
            found, first = set(hits.rows[: hits.full_matches]), hits.rows[:TOP_RESULTS]
            precision = sum(row in true for row in first) / min(TOP_RESULTS, len(true))
            yield query, len(found & true) / len(true), min(precision, 1.0), len(true)


def measure_exact_words(index: SearchEngine, table: PaperTable) -> Iterator[tuple[str, float, int]]:
    """Yield for each word, while it is typed, the share of the first ten papers that contain it as typed."""
    texts = {row: _text(table, row) for row in table.newest}
    for word in EXACT_WORDS:
        flags = re.NOFLAG if word != word.lower() else re.IGNORECASE
        pattern = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", flags)
        true = {row for row, text in texts.items() if pattern.search(text)}
        if len(true) >= _MIN_PAPERS:
            first = index.search(word, table, {}).rows[:TOP_RESULTS]
            yield word, sum(row in true for row in first) / min(TOP_RESULTS, len(true)), len(true)


def _text(table: PaperTable, row: int) -> str:
    paper = table.paper(row)
    return tex_to_unicode(f"{paper.title}\n{paper.abstract}")

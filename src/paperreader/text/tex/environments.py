r"""Find environments of formulas (`\begin{cases} … \end{cases}`), and their rows and cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from paperreader.lazy_pattern import lazy_pattern

GridKind = Literal["cases", "matrix", "lines", "stack"]
"""Alternatives with conditions; a table of entries; equations one below the other; the lines of a limit."""

_KINDS: Mapping[str, GridKind] = {
    **dict.fromkeys(("cases", "dcases", "rcases", "drcases", "numcases"), "cases"),
    **dict.fromkeys(
        ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "tabular"),
        "matrix",
    ),
    **dict.fromkeys(
        (
            *(
                "aligned",
                "alignedat",
                "align",
                "alignat",
                "flalign",
                "split",
                "gathered",
                "gather",
                "multline",
            ),
            *("eqnarray", "equation", "displaymath", "math", "IEEEeqnarray", "subequations", "multlined"),
        ),
        "lines",
    ),
    **dict.fromkeys(("subarray", "substack"), "stack"),
}

FENCES = {
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", ""),
    "dcases": ("{", ""),
    "rcases": ("", "}"),
    "drcases": ("", "}"),
}
"""The brackets that an environment has around its entries."""

_WITH_COLUMNS = frozenset(
    ("array", "tabular", "subarray", "alignedat", "alignat", "IEEEeqnarray", "numcases")
)
"""Environments with an argument before their content."""

_NAME = lazy_pattern(r"\s*\{\s*([A-Za-z]+)\*?\s*\}")
_BEGIN_OR_END = lazy_pattern(r"\\(begin|end)\s*\{\s*([A-Za-z]+)\*?\s*\}")
_OPTION = lazy_pattern(r"\s*\[[^\[\]]{0,40}\]")
_OTHER_THAN_COLUMNS = lazy_pattern(r"\{[^{}]*\}|[^lcr]")
_PART = lazy_pattern(
    r"\\begin(?![A-Za-z])|\\end(?![A-Za-z])|\\\\\*?(?:\[[^\[\]\n]{0,20}\])?|\\cr(?![A-Za-z])|\\.|[{&]",
    re.DOTALL,
)
_RULE = lazy_pattern(
    r"\s*(?:\\(?:hline|toprule|midrule|bottomrule|hdashline)(?![A-Za-z])\s*|\\cline\{[^{}]{0,20}\}\s*)+"
)

Span = tuple[int, int]
"""Start and end of a part of a text."""


class Grid(NamedTuple):
    """The rows of an environment."""

    name: str
    kind: GridKind
    rows: tuple[tuple[Span, ...], ...]
    """The cells of each row; a last row that is empty is left out."""
    end: int
    """The offset after the environment."""
    columns: str = ""
    """The alignment of its columns, a letter for each (`l`, `c`, `r`), if it says so."""


def environment_ends(text: str) -> dict[int, Span]:
    r"""Return for each `\begin` that is closed the span of its `\end{…}`, by the offset of the braces with its name."""
    ends: dict[int, Span] = {}
    opened: list[int] = []
    for found in _BEGIN_OR_END.finditer(text):
        if found[1] == "begin":
            opened.append(found.start(2))
        elif opened:
            ends[opened.pop()] = found.span()
    return ends


def find_grid(
    text: str, offset: int, end: int, ends: Mapping[int, Span], pairs: Mapping[int, int]
) -> Grid | None:
    r"""Return the environment whose name, with its braces, begins at `offset`: after `\begin`. None for another one.

    Args:
        text: a formula.
        offset: where the braces with the name begin.
        end: where the part of the formula ends.
        ends: the environments of the text, as returned by `environment_ends`.
        pairs: its braces, as returned by `scanner.brace_pairs`.
    """
    found = _NAME.match(text, offset, end)
    kind = _KINDS.get(found[1]) if found else None
    if found is None or kind is None:
        return None
    name, start = found[1], found.end()
    close = ends.get(found.start(1), (end + 1, end + 1))
    if close[1] > end:
        return None
    if option := _OPTION.match(text, start, close[0]):
        start = option.end()
    columns = ""
    if name in _WITH_COLUMNS and text.startswith("{", start) and pairs.get(start, end) < close[0]:
        specification, start = text[start + 1 : pairs[start]], pairs[start] + 1
        columns = _OTHER_THAN_COLUMNS.sub("", specification) if kind == "matrix" else ""
    return Grid(name, kind, split_rows(text, start, close[0], pairs), close[1], columns)


def split_rows(text: str, start: int, end: int, pairs: Mapping[int, int]) -> tuple[tuple[Span, ...], ...]:
    """Return the cells of the rows between two offsets, without those of nested environments and groups."""
    rows: list[tuple[Span, ...]] = []
    cells: list[Span] = []
    begin = offset = _after_rule(text, start, end)
    depth = 0
    while found := _PART.search(text, offset, end):
        part, offset = found[0], found.end()
        if part == "{":
            offset = max(offset, min(pairs.get(found.start(), 0) + 1, end))
        elif part in ("\\begin", "\\end"):
            depth += 1 if part == "\\begin" else -1
        elif depth == 0 and part == "&":
            cells.append((begin, found.start()))
            begin = offset
        elif depth == 0 and (part.startswith("\\\\") or part == "\\cr"):
            rows.append((*cells, (begin, found.start())))
            cells = []
            begin = offset = _after_rule(text, offset, end)
    last = (*cells, (begin, end))
    if any(text[a:b].strip() for a, b in last):
        rows.append(last)
    return tuple(rows)


def _after_rule(text: str, offset: int, end: int) -> int:
    found = _RULE.match(text, offset, end)
    return found.end() if found else offset

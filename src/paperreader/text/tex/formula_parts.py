"""Write parts of formulas that have several rows, or marks over several letters, on one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols
from paperreader.text.tex.environments import FENCES, GridKind
from paperreader.text.tex.formula_line import Ending, is_letter_with_scripts, is_script_text

_STARTS_WITH_RELATION = lazy_pattern(r"[^\w([{⟨|‖√∑∏∫‘\"]")
_RELATIONS = frozenset("=<>≤≥≈≡∼≃≅≔∝")
_GROUPED_SCRIPTS = lazy_pattern(r"(?:[_^](?:[^\W_]+|\([^()]*\)|[^\s\w(]))+")
_ENDS_CLAUSE = lazy_pattern(r"[,;:.]$|^$")
_CONDITION = lazy_pattern(r"[^\W\d_]{2}")

ENDINGS: Mapping[str, Ending] = {**dict.fromkeys(symbols.FRACTIONS, "fraction"), "sqrt": "root"}
"""How the conversion of a command ends, if not with a bracket or a letter of its own."""

MAX_ACCENTED_LETTERS = 12
"""Longer operands of an accent are written as the argument of its name."""

_ACCENT_NAMES = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u20d7": "vec",
    "\u20d6": "overleftarrow",
    "\u0305": "bar",
    "\u0332": "underline",
}

STACKED_ACCENTS = {
    **dict.fromkeys("∼~˜", "\u0303"),
    **dict.fromkeys("^ˆ∧", "\u0302"),
    **dict.fromkeys("¯‾ˉ-−—–_―", "\u0304"),
    **dict.fromkeys("→⃗⇀", "\u20d7"),
    **dict.fromkeys("←⃖↼", "\u20d6"),
    **dict.fromkeys(".˙·", "\u0307"),
    **dict.fromkeys("ˇ∨", "\u030c"),
    "¨": "\u0308",
}
"""Signs that are accents where they are set above a letter (`\\overset{\\sim}{x}`)."""


_ACCENTS_BELOW = {
    "\u0303": "\u0330",
    "\u0302": "\u032d",
    "\u0304": "\u0332",
    "\u20d7": "\u20ef",
    "\u20d6": "\u20ee",
    "\u0307": "\u0323",
    "\u030c": "\u032c",
    "\u0308": "\u0324",
}
"""The same marks below a letter."""


def stacked_accent(name: str, sign: str) -> str:
    """Return the combining character for a sign above (`overset`) or below (`underset`) a letter; empty for none."""
    mark = STACKED_ACCENTS.get(sign, "")
    return _ACCENTS_BELOW[mark] if mark and name == "underset" else mark


def join_grid(rows: Sequence[Sequence[str]], name: str, kind: GridKind) -> str:
    """Return the cells of an environment on one line."""
    kind = "lines" if kind == "matrix" and _are_equations(rows) else kind
    return join_rows([join_cells(cells, kind) for cells in rows], name, kind)


def join_cells(cells: Sequence[str], kind: GridKind) -> str:
    """Join the cells of a row, as on one line."""
    if kind == "lines":
        return _join_blank(cells)
    joined = cells[0] if cells else ""
    for cell in cells[1:]:
        if cell:
            separates = _ENDS_CLAUSE.search(joined) or (kind == "cases" and _CONDITION.match(cell))
            joined += f" {cell}" if separates else f", {cell}"
    return joined.strip()


def join_rows(rows: Sequence[str], name: str, kind: GridKind) -> str:
    """Join the rows of an environment on one line, with its brackets."""
    rows = [row for row in rows if row]
    if kind == "lines":
        joined = rows[0] if rows else ""
        for row in rows[1:]:
            continues = _STARTS_WITH_RELATION.match(row) or _ENDS_CLAUSE.search(joined)
            joined += f" {row}" if continues else f"; {row}"
        return joined
    if kind == "stack":
        return ", ".join(row.rstrip(",") for row in rows)
    opening, closing = FENCES.get(name, ("", ""))
    joined = "; ".join(row.rstrip(",;") for row in rows)
    return f"{opening}{joined}{closing or ('}' if opening == '{' else '')}"


def is_accentable(shown: str) -> bool:
    """Whether it is one letter, perhaps with scripts, which an accent is put on: `x̂ᵢ`, `ω̂_(i,j)`."""
    grouped = shown[0].isalnum() and bool(_GROUPED_SCRIPTS.fullmatch(shown, 1))
    return is_script_text(shown[1:]) or grouped or is_letter_with_scripts(shown)


def _are_equations(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of a table are the sides of equations, as in an array that aligns them."""
    return any(cell[0] in _RELATIONS or cell[-1] in _RELATIONS for row in rows for cell in row if cell)


def accented(shown: str, mark: str) -> str | None:
    """Return an operand with a combining mark: on its one letter, or on each of several; None for an empty one.

    A mark on every letter says exactly what the accent spans. A longer operand becomes an argument: `hat(…)`.
    """
    if not shown.strip():
        return None
    if is_accentable(shown) or unicodedata.combining(shown[-1]):
        return unicodedata.normalize("NFC", shown[0] + mark) + shown[1:]
    if len(shown) > MAX_ACCENTED_LETTERS or not all(char.isalnum() or char in " ,.=+-−" for char in shown):
        return f"{_ACCENT_NAMES.get(mark, 'bar')}({shown})"
    return unicodedata.normalize("NFC", "".join(char if char == " " else char + mark for char in shown))


def _join_blank(cells: Sequence[str]) -> str:
    return " ".join(" ".join(cells).split())

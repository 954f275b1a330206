"""Parts of a formula, and how they are put next to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from paperreader.text.tex.formula_line import is_read_together
from paperreader.text.tex.layout.box import Box, beside

_OPENING, _CLOSING = frozenset("([{⟨⌈⌊|‖√"), frozenset(")]}⟩⌉⌋,.;:!|‖′")
_RELATIONS = frozenset("=<>≤≥≈≡∼≃≅≔∝→←∈")


class Part(NamedTuple):
    """A part of a formula."""

    box: Box
    can_break: bool = False
    """Whether the formula may be broken before it."""
    is_structure: bool = False
    """Whether it is a fraction, a sum with limits or the like, which needs blanks around it."""
    is_sign: bool = False
    """Whether it is a relation or an operator, after which another operator is a sign of what follows."""


def join_parts(parts: Sequence[Part]) -> Box:
    """Put parts next to each other, with blanks around structures."""
    boxes: list[Box] = []
    last: Part | None = None
    for part in parts:
        if last is not None and _are_separated(last, part):
            boxes.append(Box.of_text(" "))
        boxes.append(part.box)
        last = part
    return beside(boxes)


def join_aligned(cells: Sequence[Sequence[Part]]) -> list[Box]:
    """Return the cells of aligned equations as boxes, with a blank before or after a relation between two cells."""
    return [
        join_parts((Part(Box.of_text(" ")), *cell) if index and _needs_gap(cells[index - 1], cell) else cell)
        for index, cell in enumerate(cells)
    ]


def _needs_gap(left: Sequence[Part], right: Sequence[Part]) -> bool:
    """Whether the right one of two cells begins with a relation, or the left one ends with one without a blank."""
    if not right:
        return False
    before = left[-1].box.lines[left[-1].box.baseline] if left else ""
    after = right[0].box.lines[right[0].box.baseline]
    return right[0].is_sign or after[:1] in _RELATIONS or before[-1:] in _RELATIONS


def _are_separated(left: Part, right: Part) -> bool:
    if left.is_structure or right.is_structure or left.box.lines[left.box.baseline].endswith(","):
        return _needs_blank(left.box, right.box)
    return is_read_together(left.box.lines[left.box.baseline], right.box.lines[right.box.baseline])


def _needs_blank(left: Box, right: Box) -> bool:
    before, after = left.lines[left.baseline][-1:], right.lines[right.baseline][:1]
    if left.is_line and (before == " " or before in _OPENING):
        return False
    return not (right.is_line and (after == " " or after in _CLOSING))

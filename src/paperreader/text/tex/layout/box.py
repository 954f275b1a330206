"""Boxes of text: rectangles of lines with a baseline, which are put next to each other and on top of each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct

from paperreader.text.cell_width import cell_width


class Box(Struct, frozen=True, dict=True):
    """Lines of text; the one with the index `baseline` is level with the text around it."""

    lines: tuple[str, ...]
    baseline: int = 0

    @classmethod
    def of_text(cls, text: str) -> Box:
        """Return a box of one line."""
        return cls((text,))

    @cached_property
    def width(self) -> int:
        """Cells of the widest line."""
        return max(map(cell_width, self.lines), default=0)

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def depth(self) -> int:
        """Lines below the baseline."""
        return len(self.lines) - 1 - self.baseline

    @property
    def is_line(self) -> bool:
        """Whether it has a single line."""
        return len(self.lines) == 1

    def padded(self, width: int, align: str = "c") -> tuple[str, ...]:
        """Return the lines at a width of at least `width`: `l`, `c` or `r`."""
        return tuple(pad(line, width, align) for line in self.lines)


EMPTY = Box(("",))


def pad(line: str, width: int, align: str = "l") -> str:
    """Return a line with blanks up to `width` cells: after it (`l`), before it (`r`), or on both sides (`c`)."""
    room = max(0, width - cell_width(line))
    left = {"l": 0, "r": room}.get(align, room // 2)
    return " " * left + line + " " * (room - left)


def beside(boxes: Iterable[Box]) -> Box:
    """Put boxes next to each other, with their baselines level."""
    row = [box for box in boxes if box.width]
    if len(row) <= 1:
        return row[0] if row else EMPTY
    above, below = max(box.baseline for box in row), max(box.depth for box in row)
    lines = [""] * (above + 1 + below)
    for box in row:
        top = above - box.baseline
        for index in range(len(lines)):
            inside = top <= index < top + box.height
            lines[index] += pad(box.lines[index - top] if inside else "", box.width)
    return Box(tuple(lines), above)


def stack(boxes: Sequence[Box], baseline_of: int, align: str = "c") -> Box:
    """Put boxes on top of each other. The baseline is that of the box with the index `baseline_of`."""
    width = max(box.width for box in boxes)
    lines = tuple(line for box in boxes for line in box.padded(width, align))
    above = sum(box.height for box in boxes[:baseline_of])
    return Box(lines, above + boxes[baseline_of].baseline)


def with_gaps(boxes: Sequence[Box], *, at_least: int = 0) -> list[Box]:
    """Return rows with an empty line between tall ones, or between two that have to be `at_least` three lines."""
    if any(not box.is_line for box in boxes) or (at_least == 3 and len(boxes) == 2):
        return [box for pair in ((box, EMPTY) for box in boxes) for box in pair][:-1]
    return list(boxes)


def raised(box: Box, script: Box) -> Box:
    """Put a superscript at the upper right of a box."""
    lines = [*(" " * box.width + line for line in script.lines[:-1]), *box.padded(box.width, "l")]
    lines[script.height - 1] += script.lines[-1]
    return Box(tuple(lines), box.baseline + script.height - 1)


def lowered(box: Box, script: Box) -> Box:
    """Put a subscript at the lower right of a box."""
    lines = [*box.padded(box.width, "l"), *(" " * box.width + line for line in script.lines[1:])]
    lines[box.height - 1] += script.lines[0]
    return Box(tuple(lines), box.baseline)


def table(rows: Sequence[Sequence[Box]], aligns: str, gap: int = 2) -> list[Box]:
    """Return the rows of a table as boxes of equal width. `aligns` has a letter for each column."""
    columns = max(map(len, rows), default=0)
    widths = [max((row[i].width for row in rows if i < len(row)), default=0) for i in range(columns)]
    result = []
    for row in rows:
        cells: list[Box] = []
        for index in range(columns):
            box = row[index] if index < len(row) else EMPTY
            align = aligns[min(index, len(aligns) - 1)]
            padded = Box(box.padded(widths[index], align), box.baseline)
            if cells and gap:
                cells.append(Box.of_text(" " * gap))
            cells.append(padded)
        result.append(beside(cells))
    return result


_PARTS = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "|": "│││",
    "‖": "‖‖‖",
    "{": "⎧⎪⎩",
    "}": "⎫⎪⎭",
    "⟨": "⎛⎜⎝",
    "⟩": "⎞⎟⎠",
}
"""Top, middle and bottom of a tall bracket."""

_MIDDLE = {"{": "⎨", "}": "⎬"}


def bracket(sign: str, height: int, baseline: int) -> Box:
    """Return a bracket of that many lines."""
    if height == 1 or sign not in _PARTS:
        return Box((*[" "] * baseline, sign, *[" "] * (height - 1 - baseline)), baseline)
    if height == 2 and sign in _MIDDLE:
        return Box(("⎰", "⎱") if sign == "{" else ("⎱", "⎰"), baseline)
    top, middle, bottom = tuple(_PARTS[sign])
    lines = [top, *[middle] * (height - 2), bottom]
    if sign in _MIDDLE:
        lines[height // 2] = _MIDDLE[sign]
    return Box(tuple(lines), baseline)


def enclosed(opening: str, box: Box, closing: str) -> Box:
    """Put a box between brackets of its height. Empty brackets are left out."""
    signs = (bracket(sign, box.height, box.baseline) if sign else EMPTY for sign in (opening, closing))
    left, right = signs
    return beside((left, box, right))

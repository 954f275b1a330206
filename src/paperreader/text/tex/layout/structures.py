"""Take a formula apart: text in a line, relations, and structures that have more than one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from paperreader.text.tex import symbols
from paperreader.text.tex.environments import FENCES, Grid, Span
from paperreader.text.tex.formula_line import FormulaLine, to_script
from paperreader.text.tex.formula_parts import STACKED_ACCENTS
from paperreader.text.tex.layout.box import (
    EMPTY,
    Box,
    beside,
    enclosed,
    lowered,
    raised,
    stack,
    table,
    with_gaps,
)
from paperreader.text.tex.layout.enclosures import Enclosures
from paperreader.text.tex.layout.names import (
    BINARY,
    LIMIT_NAMES,
    NEEDS_LINES,
    RELATIONS,
    SUMS,
    TOKEN,
    WIDE_SPACES,
    precedes_argument,
    sign_of,
)
from paperreader.text.tex.layout.parts import Part, join_aligned, join_parts
from paperreader.text.tex.layout.source import CLOSING, FormulaSource
from paperreader.text.tex.scanner import MAX_DEPTH

MAX_NESTING = 3
"""Fractions inside fractions that are laid out; deeper ones are written on one line."""

MAX_SPACES = 20
"""White space before a sign that is skipped to find what it follows."""

_QUAD = Part(Box.of_text("   "), can_break=True, is_sign=True)
"""What separates formulas in a line; after it, an operator is a sign."""

_STYLE = re.compile(r"\\(?:display|text|script)style(?![A-Za-z])")


class FormulaLayout:
    """Lays out one formula.

    Text in a line is converted as in abstracts; everything that needs several lines becomes a box.
    """

    def __init__(self, tex: str) -> None:
        self._source = FormulaSource(tex)
        self._depth = 0

    def layout(self) -> list[Part]:
        """Return the parts of the whole formula."""
        return self._walk(0, len(self._source.tex), 0)

    def _box(self, start: int, end: int, nesting: int) -> Box:
        """Return a part of the formula as one box."""
        return join_parts(self._parts(start, end, nesting))

    def _parts(self, start: int, end: int, nesting: int) -> list[Part]:
        if nesting > MAX_NESTING or self._depth >= MAX_DEPTH:
            return [Part(Box.of_text(self._source.line(start, end)))]
        self._depth += 1
        parts = self._walk(start, end, nesting)
        self._depth -= 1
        return parts

    def _walk(self, start: int, end: int, nesting: int) -> list[Part]:
        parts: list[Part] = []
        source, run, offset = self._source, start, start
        enclosures, takes_argument = Enclosures(), False

        def flush(until: int) -> None:
            if shown := source.spaced_line(run, until, is_first=not parts):
                parts.append(Part(Box.of_text(shown)))

        while offset < end and (found := TOKEN.match(source.tex, offset, end)):
            token, at = found[0], found.start()
            if found[1] in WIDE_SPACES:
                flush(at)
                parts.append(_QUAD)
                offset = run = found.end()
                continue
            if structure := self._structure(found, end, nesting, in_argument=takes_argument):
                flush(at)
                added, run = self._with_scripts(*structure, end)
                parts += (
                    part._replace(can_break=part.can_break and not enclosures.is_open) for part in added
                )
                offset, takes_argument = run, False
                continue
            offset = self._after(found, end)
            enclosures.read(token, source.tex[offset : offset + 1])
            takes_argument = precedes_argument(found, takes_argument)
            if token == "&" or (sign := self._sign(found, run, parts)):
                flush(at)
                run = offset
                if token != "&":
                    shown = f" {sign} " if parts else f"{sign} "
                    parts.append(Part(Box.of_text(shown), can_break=not enclosures.is_open, is_sign=True))
        flush(end)
        return parts

    def _after(self, token: re.Match[str], end: int) -> int:
        """Return the offset after a token, and after the group, the script or the negated relation it begins."""
        if token[0] == "{" and (close := self._source.closing_brace(token.start(), end)):
            return close + 1
        if token[0] in ("^", "_") or token[1] == "not" or token[1] in symbols.DIMENSION_COMMANDS:
            return self._source.argument(token.end(), end)[2]
        return token.end()

    def _sign(self, token: re.Match[str], run: int, parts: Sequence[Part]) -> str:
        """Return the sign of a relation or a binary operator, which gets blanks around it; empty for another token."""
        name, sign, tex = token[1], token[0], self._source.tex
        if name in RELATIONS:
            return sign_of(name)
        if sign in ("=", "<", ">"):
            before = tex[max(0, token.start() - MAX_SPACES) : token.start()].rstrip()[-1:]
            is_joined = before in tuple(":=<>!") or tex[token.end() : token.end() + 1] == "="
            return "" if is_joined else sign
        if name not in BINARY and sign not in ("+", "-", "−"):
            return ""
        before = _STYLE.sub("", tex[run : token.start()]).rstrip()
        has_operand = bool(before) or (bool(parts) and not parts[-1].is_sign)
        return "" if not has_operand or before[-1:] in tuple("([{,") else sign_of(name) if name else sign

    def _structure(
        self, token: re.Match[str], end: int, nesting: int, *, in_argument: bool
    ) -> tuple[list[Part], int] | None:
        """Return the structure that begins with a token, and the offset after it; None if it fits into the line.

        The parts of a group that needs several lines remain parts of the formula.
        """
        name, after = token[1], token.end()
        if token[0] == "{":
            close = self._source.closing_brace(token.start(), end)
            if in_argument or not close or not NEEDS_LINES.search(self._source.tex, after, close):
                return None
            parts = self._parts(after, close, nesting)
            if not all(part.box.is_line for part in parts):
                return parts, close + 1
            if not any(part.is_sign for part in parts):
                return None  # it fits into the line, where scripts and names of functions are kept apart
            return [Part(join_parts(parts))], close + 1
        if token[0] in CLOSING:
            found = self._brackets(token, end, nesting)
        elif name in SUMS or name in LIMIT_NAMES or name == "operatorname*":
            found = self._limits(name, after, end)
        else:
            handler = _HANDLERS.get(name)
            found = handler(self, name, after, end, nesting) if handler else None
        return ([found[0]], found[1]) if found else None

    def _with_scripts(self, parts: list[Part], offset: int, end: int) -> tuple[list[Part], int]:
        scripts = self._source.scripts(offset, end)
        shown = [
            (sign, self._source.line(*span))
            for sign, span in (("_", scripts.sub), ("^", scripts.sup))
            if span is not None
        ]
        if not shown:
            return parts, scripts.end
        box = join_parts(parts)
        if box.is_line:
            line = FormulaLine()
            line.add(box.lines[0], "group" if self._source.tex[offset - 1] == "}" else "open")
            for sign, text in shown:
                line.add_script(sign, text)
            return [Part(Box.of_text(line.text()))], scripts.end
        for sign, text in shown:
            script = to_script(sign, text) if text else ""
            small = Box.of_text(text if script[:1] == sign else script)
            box = raised(box, small) if sign == "^" else lowered(box, small)
        is_structure = parts[0].is_structure or parts[-1].is_structure
        return [Part(box, is_structure=is_structure)], scripts.end

    def _limit_box(self, span: Span) -> Box:
        return stack([Box.of_text(line) for line in self._source.limit_lines(span)], 0)

    def _limits(self, name: str, after: int, end: int) -> tuple[Part, int] | None:
        """Put limits above and below a sum, or below a `max` if they have no form in the line."""
        if name == "operatorname*":
            start, stop, after = self._source.argument(after, end)
            sign = self._source.line(start, stop)
        else:
            sign = symbols.GREEK_AND_SIGNS.get(name, name)
        scripts = self._source.scripts(after, end)
        if scripts.sub is None and scripts.sup is None:
            return None
        if name not in SUMS:
            shown = self._source.line(*scripts.sub) if scripts.sub else ""
            if scripts.sup is not None or (shown and to_script("_", shown)[0] != "_"):
                return None
        boxes = [Box.of_text(sign)]
        if scripts.sup is not None:
            boxes.insert(0, self._limit_box(scripts.sup))
        if scripts.sub is not None:
            boxes.append(self._limit_box(scripts.sub))
        return Part(stack(boxes, 1 if scripts.sup is not None else 0), is_structure=True), scripts.end

    def _fraction(self, name: str, after: int, end: int, nesting: int) -> tuple[Part, int] | None:
        if nesting >= MAX_NESTING:
            return None
        top_start, top_end, after = self._source.argument(after, end)
        start, stop, after = self._source.argument(after, end)
        top, bottom = self._box(top_start, top_end, nesting + 1), self._box(start, stop, nesting + 1)
        if name in ("binom", "dbinom", "tbinom"):
            return Part(enclosed("(", stack([top, EMPTY, bottom], 1), ")"), is_structure=True), after
        bar = Box.of_text("─" * (max(top.width, bottom.width) + 2 * (nesting == 0)))
        return Part(stack([top, bar, bottom], 1), is_structure=True), after

    def _grid(self, name: str, after: int, end: int, nesting: int) -> tuple[Part, int] | None:
        grid = self._source.grid(after, end)
        if grid is None or nesting > MAX_NESTING:
            return None
        return Part(self._grid_box(grid, nesting + 1), is_structure=True), grid.end

    def _grid_box(self, grid: Grid, nesting: int) -> Box:
        parts = [[self._parts(a, b, nesting) for a, b in row] for row in grid.rows]
        rows = [join_aligned(row) if grid.kind == "lines" else list(map(join_parts, row)) for row in parts]
        if not rows:
            return EMPTY
        columns = max(map(len, rows))
        aligns = {"cases": "l", "matrix": "c", "lines": "rl" * (columns // 2 + 1), "stack": "c"}[grid.kind]
        if columns == 1 and grid.kind != "stack" and grid.name not in FENCES:
            aligns = "l"
        aligns = grid.columns or aligns
        boxes = table(rows, aligns, gap=0 if grid.kind == "lines" else 2)
        spaced = with_gaps(boxes, at_least=3 if grid.kind == "cases" else 0)
        box = stack(spaced, 0, "l")
        box = Box(box.lines, box.height // 2)
        opening, closing = FENCES.get(grid.name, ("", ""))
        inner = beside((Box.of_text(" "), box)) if opening == "{" else box
        return enclosed(opening, inner, closing)

    def _fence(self, name: str, after: int, end: int, nesting: int) -> tuple[Part, int] | None:
        """Put brackets of the height of their content around it."""
        close = self._source.matching_right(after, end)
        if close is None or not NEEDS_LINES.search(self._source.tex, after, close):
            return None
        opening, start = self._source.delimiter(after, end)
        closing, stop = self._source.delimiter(close + len("\\right"), end)
        box = self._box(start, close, nesting)
        if "{" in (opening, closing) and box.height == 2:
            box = Box((box.lines[0], "", box.lines[1]), 1)  # so that the brace has a middle
        inner = beside((Box.of_text(" "), box)) if opening == "{" and box.height > 1 else box
        return Part(enclosed(opening, inner, closing)), stop

    def _brackets(self, token: re.Match[str], end: int, nesting: int) -> tuple[Part, int] | None:
        """Make brackets as high as their content, which TeX does not do: they would look too small in cells."""
        close = self._source.bracket_pairs.get(token.start(), end)
        if close >= end or not NEEDS_LINES.search(self._source.tex, token.end(), close):
            return None
        return Part(enclosed(token[0], self._box(token.end(), close, nesting), CLOSING[token[0]])), close + 1

    def _brace(self, name: str, after: int, end: int, nesting: int) -> tuple[Part, int] | None:
        """Put a brace and its label under, or over, a part of a formula."""
        start, stop, after = self._source.argument(after, end)
        scripts = self._source.scripts(after, end)
        box = self._box(start, stop, nesting)
        under = name == "underbrace"
        span = scripts.sub if under else scripts.sup
        width = max(box.width, 3)
        side = (width - 3) // 2
        left, middle, right = "╰┬╯" if under else "╭┴╮"
        line = Box.of_text(left + "─" * side + middle + "─" * (width - 3 - side) + right)
        label = [self._limit_box(span)] if span else []
        boxes = [box, line, *label] if under else [*label, line, box]
        return Part(stack(boxes, boxes.index(box)), is_structure=True), scripts.end

    def _stacked(self, name: str, after: int, end: int, nesting: int) -> tuple[Part, int] | None:
        """Put a small text above or below a sign; one that is an accent stays in the line."""
        start, stop, after = self._source.argument(after, end)
        base_start, base_end, after = self._source.argument(after, end)
        small, base = Box.of_text(self._source.line(start, stop)), self._box(base_start, base_end, nesting)
        if not small.width or small.lines[0] in STACKED_ACCENTS:
            return None
        boxes = [base, small] if name == "underset" else [small, base]
        return Part(stack(boxes, boxes.index(base)), is_structure=True), after


_Handler = Callable[[FormulaLayout, str, int, int, int], "tuple[Part, int] | None"]

_HANDLERS: Mapping[str, _Handler] = {
    **dict.fromkeys(("frac", "dfrac", "cfrac", "binom", "dbinom", "tbinom"), FormulaLayout._fraction),
    **dict.fromkeys(("underbrace", "overbrace"), FormulaLayout._brace),
    **dict.fromkeys(("underset", "overset", "stackrel"), FormulaLayout._stacked),
    "begin": FormulaLayout._grid,
    "left": FormulaLayout._fence,
}

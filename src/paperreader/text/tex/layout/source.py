"""Read a formula that is laid out: its arguments and scripts, and the parts of it that fit into a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from paperreader.text.tex.converter import Converter
from paperreader.text.tex.environments import Grid, Span, find_grid, split_rows
from paperreader.text.tex.layout.names import TOKEN
from paperreader.text.tex.scanner import command_name

_LIMIT_SWITCH = re.compile(r"\s*(?:\\(?:no)?limits(?![A-Za-z])\s*)*")
_SPACE = r"(?:\\(?:q?quad|[;:, ])|~)"
_SPACE_BEFORE = re.compile(rf"\s*{_SPACE}")
_SPACE_AFTER = re.compile(rf"{_SPACE}[\s{{}}]*\Z")
CLOSING = {"(": ")", "[": "]"}
"""Brackets that may enclose several lines, and what closes them."""

_DOUBLE_RELATION = re.compile(r" ?([:!<>=]=) ?")
_LEFT_OR_RIGHT = re.compile(r"\\(left|right)(?![A-Za-z])")


class Scripts(NamedTuple):
    """The spans of the scripts after a part, without braces; None for a missing one."""

    sub: Span | None
    sup: Span | None
    end: int


class FormulaSource:
    """The TeX of one formula. Offsets count characters of it; `end` is where the part that is read ends."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self._converter = Converter(tex)

    def line(self, start: int, end: int) -> str:
        """Return a part of the formula on one line."""
        return self._converter.convert_formula(start, end, 0)

    def spaced_line(self, start: int, end: int, *, is_first: bool) -> str:
        r"""As `line`, with a blank where the part begins or ends with a space such as `\quad`."""
        shown = self.line(start, end)
        source = self.tex[start:end]
        before = " " if not is_first and _SPACE_BEFORE.match(source) else ""
        after = " " if shown and _SPACE_AFTER.search(source) else ""
        shown = _DOUBLE_RELATION.sub(r" \1 ", shown) if "=" in shown else shown
        return f"{before}{shown}{after}".lstrip(" " if is_first else "")

    def closing_brace(self, offset: int, end: int) -> int:
        """Return the offset of the brace that closes the one at `offset`; 0 if there is none."""
        return self._converter.closing_brace(offset, end)

    def argument(self, offset: int, end: int) -> tuple[int, int, int]:
        """Return start and end of the content of an argument, and the offset after it."""
        while offset < end and self.tex[offset].isspace():
            offset += 1
        if offset >= end:
            return end, end, end
        if close := self.closing_brace(offset, end) if self.tex[offset] == "{" else 0:
            return offset + 1, close, close + 1
        if self.tex[offset] == "\\":
            after = offset + 1 + len(command_name(self.tex, offset))
            while close := self.closing_brace(after, end):
                after = close + 1
            return offset, min(after, end), min(after, end)
        return offset, offset + 1, offset + 1

    def scripts(self, offset: int, end: int) -> Scripts:
        """Return the scripts at `offset`, in any order."""
        found: dict[str, Span] = {}
        while offset < end:
            skipped = _LIMIT_SWITCH.match(self.tex, offset, end)
            at = skipped.end() if skipped else offset
            if at >= end or self.tex[at] not in "_^" or self.tex[at] in found:
                break
            start, stop, offset = self.argument(at + 1, end)
            found[self.tex[at]] = (start, stop)
        return Scripts(found.get("_"), found.get("^"), offset)

    def limit_lines(self, span: Span) -> list[str]:
        r"""Return the lines of a limit: one for each row of a `\substack`."""
        start, end = span
        text = self.tex[start:end].strip()
        if not (text.startswith("\\substack{") and text.endswith("}")):
            return [self.line(start, end)]
        rows = split_rows(
            self.tex,
            self.tex.index("{", start) + 1,
            self.tex.rindex("}", start, end),
            self._converter.pairs,
        )
        return [" ".join(self.line(a, b) for a, b in row) for row in rows] or [""]

    def grid(self, offset: int, end: int) -> Grid | None:
        """Return the environment whose name begins at `offset`."""
        return find_grid(self.tex, offset, end, self._converter.environment_ends, self._converter.pairs)

    def delimiter(self, offset: int, end: int) -> tuple[str, int]:
        """Return the bracket at `offset`, empty for a dot, and the offset after it."""
        found = TOKEN.match(self.tex, offset, end)
        while found and found[0].isspace():
            found = TOKEN.match(self.tex, found.end(), end)
        if found is None:
            return "", offset
        stop = found.end() if found[0][0] == "\\" else found.start() + 1
        sign = self.line(found.start(), stop)
        return "" if sign == "." else sign, stop

    @cached_property
    def bracket_pairs(self) -> Mapping[int, int]:
        """The offset of each bracket in `CLOSING` and of the one that closes it, both in the same group."""
        pairs: dict[int, int] = {}
        opened: list[tuple[str, int]] = []
        for found in TOKEN.finditer(self.tex):
            sign = found[0]
            if sign == "{" or sign in CLOSING:
                opened.append((CLOSING.get(sign, "}"), found.start()))
            elif sign == "}":
                while opened and opened.pop()[0] != "}":
                    pass
            elif sign in CLOSING.values() and opened and opened[-1][0] != "}":
                expected, offset = opened.pop()
                if expected == sign:
                    pairs[offset] = found.start()
        return pairs

    def matching_right(self, offset: int, end: int) -> int | None:
        r"""Return the offset of the `\right` that belongs to a `\left` before `offset`; None if there is none."""
        depth = 1
        for found in _LEFT_OR_RIGHT.finditer(self.tex, offset, end):
            depth += 1 if found[1] == "left" else -1
            if not depth:
                return found.start()
        return None

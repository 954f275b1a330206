"""Convert formulas to Unicode."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols
from paperreader.text.tex.commands import CommandConverter, Conversion
from paperreader.text.tex.environments import GridKind, Span, environment_ends, find_grid, split_rows
from paperreader.text.tex.formula_line import FormulaLine, fraction, in_alphabet, parenthesized, to_script
from paperreader.text.tex.formula_parts import ENDINGS, accented, is_accentable, join_grid, stacked_accent
from paperreader.text.tex.scanner import MAX_DEPTH, command_name

_PIECE = lazy_pattern(r"\\|[\^_{}~&']|\s+|[^\\^_{}~&'\s]+")
_INNER_BLANKS = lazy_pattern(r"(?<=[(\[⟨{]) +| +(?=[)\]⟩},])")
_BLANKS = lazy_pattern(r" {2,}")
_MAX_BARE_COMMANDS = 3
"""Nested commands that are arguments without braces; nobody writes more."""


class MathConverter(CommandConverter):
    """Converts formulas. A subclass converts the prose in them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._bare = 0

    @cached_property
    def environment_ends(self) -> dict[int, Span]:
        r"""The spans of `\end{…}`, see `environments.environment_ends`."""
        return environment_ends(self.text)

    def convert_formula(self, start: int, end: int, depth: int) -> str:
        """Return the mathematics from `start` to `end`, without its delimiters, converted."""
        shown = _BLANKS.sub(" ", _INNER_BLANKS.sub("", self._formula(start, end, depth))).strip()
        return shown.replace("′′", "″")

    def is_math_command(self, name: str) -> bool:
        """Whether this is a mathematical command."""
        return name in _LINE_HANDLERS or name in _STRUCTURES

    def is_known(self, name: str) -> bool:
        """Whether this command can be converted."""
        return self.is_math_command(name) or self.is_shared_command(name)

    def convert_argument(self, offset: int, end: int, depth: int) -> tuple[str | None, int]:
        """Return the argument at `offset` as Unicode, or None, and the offset after it."""
        offset = self._skip_blanks(offset, end)
        sign = self.text[offset] if offset < end else "}"
        if sign == "{":
            close = self.closing_brace(offset, end)
            return (self._braced(offset + 1, close, depth).strip(), close + 1) if close else (None, offset)
        if sign == "\\":
            return self._command_as_argument(offset, end, depth)
        if sign in "}$^_&":
            return None, offset
        return "′" if sign == "'" else sign, offset + 1

    def _command_as_argument(self, offset: int, end: int, depth: int) -> tuple[str | None, int]:
        r"""Convert a command that is an argument without braces (`x_\alpha`), up to a few levels deep."""
        name = command_name(self.text, offset)
        if name in symbols.GREEK_AND_SIGNS and offset + 1 + len(name) <= end:
            # Unlike elsewhere, the blank after it separates it from what follows: "x_α y".
            return symbols.GREEK_AND_SIGNS[name], offset + 1 + len(name)
        if self._bare >= _MAX_BARE_COMMANDS:
            return None, offset
        self._bare += 1
        done = self.convert_command(offset, end, depth)
        self._bare -= 1
        return done

    def convert_command(self, offset: int, end: int, depth: int) -> tuple[str | None, int]:
        """Return the mathematical command at `offset` with its arguments, and the offset after it."""
        if depth > MAX_DEPTH:
            return None, offset
        out = FormulaLine()
        after = self._command_in_line(offset, end, depth + 1, out)
        return out.text().strip(), after

    def _formula(self, start: int, end: int, depth: int) -> str:
        if depth > MAX_DEPTH:
            return self.text[start:end]
        out = FormulaLine()
        offset = start
        while offset < end and (found := _PIECE.match(self.text, offset, end)):
            sign, offset = found[0][0], found.end()
            if sign in "^_":
                shown, after = self.convert_argument(offset, end, depth)
                if shown is None:
                    out.add(sign)
                else:
                    out.add_script(sign, shown)
                    offset = after
            elif sign == "\\":
                offset = self._command_in_line(found.start(), end, depth, out)
            elif sign == "{":
                close = self.closing_brace(found.start(), end)
                out.add(self._braced(offset, close, depth) if close else "{", "group" if close else "open")
                offset = close + 1 if close else offset
            elif sign.isspace() or sign in "~&":
                out.add_space()
            else:
                out.add("′" if sign == "'" else found[0])
        return out.text()

    def _braced(self, start: int, end: int, depth: int) -> str:
        r"""Convert a group; `{\cal O}` selects an alphabet for all of it."""
        name = command_name(self.text, start)
        after = start + 1 + len(name)
        if name in symbols.GROUP_FORMS and after < end:
            return in_alphabet(self._formula(after, end, depth + 1).strip(), symbols.GROUP_FORMS[name])
        return self._formula(start, end, depth + 1)

    def _command_in_line(self, offset: int, end: int, depth: int, out: FormulaLine) -> int:
        """Add the command at `offset` to `out`; return the offset after it."""
        name = command_name(self.text, offset)
        after = offset + 1 + len(name)
        if not name or after > end:
            out.add("\\")
            return offset + 1
        if name[-1] == "*" and not self.is_known(name) and self.is_known(name[:-1]):
            name, after = name[:-1], after - 1  # `\alpha*x` is a product
        handler = _LINE_HANDLERS.get(name)
        if handler:
            return handler(self, name, after, end, depth, out)
        structure = _STRUCTURES.get(name)
        done = (
            structure(self, name, after, end, depth)
            if structure
            else self.convert_shared(name, after, end, depth)
        )
        if done is None:
            return self._unknown(name, after, end, depth, out)
        out.add(done[0], ENDINGS.get(name, "open"))
        return done[1]

    def _unknown(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        """Keep an unknown macro, with the braces of its arguments."""
        out.add("\\" + name)
        while close := self.closing_brace(after, end):
            out.add("{" + self._formula(after + 1, close, depth + 1) + "}")
            after = close + 1
        return after

    def _operator(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        spaced = out.last == " " or name in symbols.ALWAYS_SPACED
        out.add_operator(symbols.OPERATORS[name], spaced=spaced and out.last != "")
        return after if spaced else self._skip_blanks(after, end)  # the blank only ends the name

    def _sign(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        spaced = out.last == " " and name in symbols.BINARY_SIGNS
        out.add(symbols.GREEK_AND_SIGNS.get(name) or symbols.UNITS[name])
        after = self.skip_empty_group(after, end)
        letter_follows = after + 1 < end and self.text[after] == " " and self.text[after + 1].isalnum()
        return after + 1 if letter_follows and not spaced else after

    def _function(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        if name == "deg" and out.last.isdigit():
            out.add("°")
        else:
            out.add_function_name(name)
        return self.skip_empty_group(after, end)

    def _named_operator(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        shown, stop = self.convert_argument(after, end, depth)
        out.add_function_name(shown or "")
        return stop

    def _escaped(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        out.add("‖" if name == "|" else name)
        return self._skip_blanks(after, end) if name == "_" else after

    def _line_break(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        out.add_space()
        return self.optional_argument(after, end)[1]

    def _join_grid(self, rows: Sequence[Sequence[Span]], name: str, kind: GridKind, depth: int) -> str:
        return join_grid(
            [[self.convert_formula(a, b, depth) for a, b in cells] for cells in rows], name, kind
        )

    def _infix(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        r"""Convert `{a \over b}`, `{a \choose b}`: the operands are all of the group before and after the command."""
        before, below = out.text().strip(), self._formula(after, end, depth + 1).strip()
        if name == "choose":
            out.replace(f"C({before}, {below})")
        else:
            out.replace(fraction(before, below), "fraction")
        return end

    def _size(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        return after + 1 if self.text.startswith(".", after) and after < end else after

    def _negation(self, name: str, after: int, end: int, depth: int, out: FormulaLine) -> int:
        spaced = out.last == " "
        shown, stop = self.convert_argument(after, end, depth)
        if shown:
            negated = symbols.NEGATED.get(shown) or unicodedata.normalize("NFC", shown + "\u0338")
            out.add_operator(negated, spaced=spaced)
        return stop

    def _form(self, name: str, after: int, end: int, depth: int) -> Conversion:
        shown, stop = self.convert_argument(after, end, depth)
        return None if shown is None else (in_alphabet(shown, symbols.ALPHABETS[name]), stop)

    def _bold_text(self, name: str, after: int, end: int, depth: int) -> Conversion:
        done = self.convert_shared(name, after, end, depth)
        return done and (in_alphabet(done[0], "bold") if len(done[0]) == 1 else done[0], done[1])

    def _plain_formula(self, name: str, after: int, end: int, depth: int) -> Conversion:
        shown, stop = self.convert_argument(after, end, depth)
        return None if shown is None else (shown, stop)

    def _accent(self, name: str, after: int, end: int, depth: int) -> Conversion:
        shown, stop = self.convert_argument(after, end, depth)
        return None if shown is None else (accented(shown, symbols.MATH_ACCENTS[name]) or "", stop)

    def _grid(self, name: str, after: int, end: int, depth: int) -> Conversion:
        grid = find_grid(self.text, after, end, self.environment_ends, self.pairs)
        if grid is None:
            return self.convert_shared(name, after, end, depth)
        return self._join_grid(grid.rows, grid.name, grid.kind, depth + 1), grid.end

    def _substack(self, name: str, after: int, end: int, depth: int) -> Conversion:
        offset = self._skip_blanks(after, end)
        close = self.closing_brace(offset, end)
        if not close:
            return None
        rows = split_rows(self.text, offset + 1, close, self.pairs)
        return self._join_grid(rows, name, "stack", depth + 1), close + 1

    def _two_arguments(self, name: str, after: int, end: int, depth: int) -> Conversion:
        first, stop = self.convert_argument(after, end, depth)
        if first is None:
            return None
        second, stop = self.convert_argument(stop, end, depth)
        if second is None:
            return f"\\{name}{{{first}}}", stop  # converting one twice would take exponential time if nested
        if name in symbols.STACKED:
            mark = stacked_accent(name, first)
            if mark and (shown := accented(second, mark)) and is_accentable(second):
                return shown, stop
            if mark == "\u0332":
                return second, stop  # a number that is underlined, as with `\\underline`
            second = f"({second})" if mark and len(second) > 1 and not second.isalpha() else second
            return second + to_script(symbols.STACKED[name], first), stop
        return (f"C({first}, {second})" if name in symbols.BINOMIALS else fraction(first, second)), stop

    def _arrow(self, name: str, after: int, end: int, depth: int) -> Conversion:
        shown, stop = self.convert_argument(self.optional_argument(after, end)[1], end, depth)
        return (
            None
            if shown is None
            else (f" {symbols.ARROWS[name]}{to_script('^', shown) if shown else ''} ", stop)
        )

    def _root(self, name: str, after: int, end: int, depth: int) -> Conversion:
        degree, after = self.optional_argument(after, end)
        shown, stop = self.convert_argument(after, end, depth)
        sign = symbols.ROOTS.get(degree) or f"{to_script('^', degree)}√"
        return None if shown is None else (f"{sign}{parenthesized(shown)}", stop)

    def _modulo(self, name: str, after: int, end: int, depth: int) -> Conversion:
        if name == "bmod":
            return " mod ", after
        shown, stop = self.convert_argument(after, end, depth)
        if shown is None:
            return None
        return (f" (mod {shown})" if name == "pmod" else f" mod {shown}"), stop


_LINE_HANDLERS: Mapping[str, Callable[[MathConverter, str, int, int, int, FormulaLine], int]] = {
    **dict.fromkeys((*symbols.GREEK_AND_SIGNS, *symbols.UNITS), MathConverter._sign),
    **dict.fromkeys(symbols.OPERATORS, MathConverter._operator),
    **dict.fromkeys(symbols.FUNCTIONS, MathConverter._function),
    **dict.fromkeys(symbols.DELIMITER_SIZES, MathConverter._size),
    **dict.fromkeys((*symbols.ESCAPABLE, *"|[]()<.*"), MathConverter._escaped),
    **dict.fromkeys(("operatorname", "operatorname*"), MathConverter._named_operator),
    "\\": MathConverter._line_break,
    "not": MathConverter._negation,
    **dict.fromkeys(("over", "atop", "choose"), MathConverter._infix),
}
"""Commands whose blanks depend on what precedes them."""

_STRUCTURES: Mapping[str, Callable[[MathConverter, str, int, int, int], Conversion]] = {
    **dict.fromkeys(symbols.ALPHABETS, MathConverter._form),
    "textbf": MathConverter._bold_text,
    **dict.fromkeys(symbols.MATH_WRAPPERS, MathConverter._plain_formula),
    **dict.fromkeys(symbols.MATH_ACCENTS, MathConverter._accent),
    **dict.fromkeys((*symbols.FRACTIONS, *symbols.BINOMIALS, *symbols.STACKED), MathConverter._two_arguments),
    **dict.fromkeys(symbols.ARROWS, MathConverter._arrow),
    **dict.fromkeys(("pmod", "bmod", "mod"), MathConverter._modulo),
    "sqrt": MathConverter._root,
    "substack": MathConverter._substack,
    "begin": MathConverter._grid,
}
"""Commands that are converted from their arguments alone."""

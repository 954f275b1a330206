"""Compose a formula in Unicode: scripts, mathematical alphabets, and the blanks that make it readable."""

from __future__ import annotations

import re

from paperreader.text.tex import symbols

_SCRIPT_CHARACTERS = frozenset(symbols.SUPERSCRIPTS.values()) | frozenset(symbols.SUBSCRIPTS.values())
_OPERAND = re.compile(r"(?:√|∛|∜)?[\w.]+|[^\W\d_][\u0300-\u036f\u20d0-\u20ff]\w*")
_MAX_STYLED_LENGTH = 2
"""Longer words would be hard to read, and few fonts have the letters."""


class FormulaLine:
    """Collects the pieces of a formula, with blanks where they are needed."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._wants_blank = False
        self._after_word = False

    def text(self) -> str:
        return "".join(self._out)

    @property
    def last(self) -> str:
        """The last character; empty at the beginning."""
        return self._out[-1][-1] if self._out else ""

    def add(self, piece: str) -> None:
        if not piece:
            return
        first = piece[0]
        if self._wants_blank or (self._after_word and first.isalnum() and first not in _SCRIPT_CHARACTERS):
            self._blank()
        self._wants_blank = False
        # A script is part of the word before it: "log₂ n".
        self._after_word = self._after_word and (first in _SCRIPT_CHARACTERS or first in "_^")
        if first != " " or self.last != " ":
            self._out.append(piece)

    def add_space(self) -> None:
        self._blank()
        self._wants_blank = self._after_word = False

    def add_operator(self, sign: str, *, spaced: bool) -> None:
        """Add an operator or relation, with a blank on both sides or on neither."""
        if spaced:
            self._blank()
        self._after_word = False
        self.add(sign)
        self._wants_blank = spaced

    def add_function_name(self, name: str) -> None:
        """Add the name of a function, separated from letters on either side."""
        if not name:
            return
        if self.last.isalnum() or self.last in tuple(")]}"):
            self._blank()
        self.add(name)
        self._after_word = name[-1].isalnum()

    def _blank(self) -> None:
        if self._out and self.last != " ":
            self._out.append(" ")


def to_script(sign: str, shown: str) -> str:
    """Return a superscript (`^`) or subscript (`_`), in Unicode script characters if all of it has them."""
    forms = symbols.SUPERSCRIPTS if sign == "^" else symbols.SUBSCRIPTS
    tight = shown.replace(" ", "")
    if all(char in forms for char in tight):
        return "".join(forms[char] for char in tight)
    if len(shown) == 1 or shown.isalnum() or (shown[0] in "([" and shown[-1] in ")]"):
        return sign + shown
    return f"{sign}({shown})"


def is_script_text(text: str) -> bool:
    """Whether all characters are superscripts or subscripts."""
    return all(char in _SCRIPT_CHARACTERS for char in text)


def in_alphabet(shown: str, form: str) -> str:
    """Return one or two letters in a mathematical alphabet; longer words unchanged, so that they stay legible."""
    if len(shown) > _MAX_STYLED_LENGTH:
        return shown
    return "".join(symbols.in_math_style(char, form) for char in shown)


def parenthesized(shown: str) -> str:
    """Return an operand, in parentheses unless it is a number or a name."""
    return shown if len(shown) == 1 or _OPERAND.fullmatch(shown) else f"({shown})"

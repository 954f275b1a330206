"""Compose a formula in Unicode: scripts, mathematical alphabets, and the blanks that make it readable."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols

_SCRIPT_CHARACTERS = frozenset(symbols.SUPERSCRIPTS.values()) | frozenset(symbols.SUBSCRIPTS.values())
_AMBIGUOUS_ENDS = _SCRIPT_CHARACTERS - frozenset("′*†‡°®™©⋆★")
"""Script characters after which another script looks like a part of it."""

_AMBIGUOUS_SIGNS = frozenset("^_/√∛∜")

_OPERAND = lazy_pattern(r"(?:√|∛|∜|∂)?[\w.]+|[^\W\d_][\u0300-\u036f\u20d0-\u20ff]\w*")
_DENOMINATOR = lazy_pattern(
    r"[0-9][0-9.,]*|[A-Za-z]{3,}|(?:√|∛|∜|∂)?[^\W\d_][\u0300-\u036f\u20d0-\u20ff]?"
    + f"[{re.escape(''.join(sorted(_SCRIPT_CHARACTERS)))}]*"
    + r"(?:[_^](?:[^\W_]+|\([^()]*\)))?"
)
"""A number, a name of at least three letters, or one letter with its scripts."""

_IN_PARENTHESES = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_SCRIPTS = rf"(?:[{re.escape(''.join(sorted(_SCRIPT_CHARACTERS)))}]|[_^](?:[^\W_]+|{_IN_PARENTHESES}))+"
_LETTER = r"[^\W\d_][\u0300-\u036f\u20d0-\u20ff]*"
_LETTER_WITH_SCRIPT = lazy_pattern(rf"({_LETTER})({_SCRIPTS})")
"""A letter, perhaps with an accent, and its scripts."""

_SINGLE_SCRIPT = lazy_pattern(r"(?<=[_^])[^\W_](?![^\W_])")

_MAX_STYLED_LENGTH = 2
"""Longer words would be hard to read, and few fonts have the letters."""


_NORM = lazy_pattern(r"(\|\|?|[‖∥])((?!\1).)*\1")
"""Bars that enclose all of a text."""

_OF_FRACTIONS = symbols.FUNCTIONS - symbols.name_set(
    "arg argmax argmin deg dim hom inf ker lim liminf limsup max min Pr sup"
)
"""Functions whose operand is a fraction that follows."""

_MAX_NAME_LENGTH = 1 + max(map(len, symbols.FUNCTIONS))
_NAMES = "|".join(sorted(symbols.FUNCTIONS, key=len, reverse=True))
_NAME_FIRST, _NAME_LAST = (
    lazy_pattern(rf"(?:{_NAMES})(?![A-Za-z])"),
    lazy_pattern(rf"(?<![A-Za-z])(?:{_NAMES})\Z"),
)
"""Names of functions at the ends of a group."""


_OPEN_END = lazy_pattern(
    rf"(?:[_^]|√|∛|∜){_LETTER}[^\W_]*[{re.escape(''.join(sorted(_SCRIPT_CHARACTERS)))}]*\Z"
)
"""A script without a Unicode form, or a root, at the end of a text, of which more letters would seem to be a part."""

_BARS = frozenset("‖∥")

Ending = Literal["open", "group", "script", "fraction", "root"]
"""How a piece ends: what follows a `script` without a Unicode form (`x_max`), a `fraction` or a `root` without
parentheses must not look like a part of it, and a script after a `group` belongs to all of it."""

_AFTER_FRACTION = frozenset("([{⟨|‖√∑∏∐∫∬∭∮⋂⋃⨁⨂∂∇∀∃¬")
"""Signs that begin an operand, which must not look like a part of a fraction before it."""

_CLOSING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}


class FormulaLine:
    """Collects the pieces of a formula, with blanks and parentheses where they are needed.

    The result can be read in one way only: every script keeps its group, and every fraction its operands.
    """

    def __init__(self) -> None:
        self._out: list[str] = []
        self._wants_blank = False
        self._after_word = False
        self._after_log = False
        """Whether what follows is the operand of a function."""
        self._ending: Ending = "open"

    def text(self) -> str:
        return "".join(self._out)

    @property
    def last(self) -> str:
        """The last character; empty at the beginning."""
        return self._out[-1][-1] if self._out else ""

    def add(self, piece: str, ending: Ending = "open") -> None:
        if not piece:
            return
        if self._after_log and (ending == "fraction" or (ending == "group" and _is_fraction(piece))):
            piece, ending = f"({piece})", "open"  # "log a/b" could be the logarithm of a alone
        first = piece[0]
        if (
            ending == "group"
            and _NAME_FIRST.match(piece)
            and (self.last.isalnum() or self.last in tuple(")]}"))
        ):
            self._blank()
        starts_operand = first.isalnum() and first not in _SCRIPT_CHARACTERS
        if self._ending in ("script", "fraction", "root") and not self._wants_blank:
            self._wants_blank = starts_operand or (self._ending == "fraction" and first in _AFTER_FRACTION)
        after_factor = ending == "fraction" and (self.last.isalnum() or self.last in _SCRIPT_CHARACTERS)
        if self._wants_blank or after_factor or (self._after_word and starts_operand):
            self._blank()
        self._ending = ending
        self._wants_blank = False
        if self._after_word or self._after_log:
            # A script is part of the word before it: "log₂ n".
            is_script = first in _SCRIPT_CHARACTERS or first in "_^"
            self._after_word = self._after_word and is_script
            self._after_log = self._after_log and is_script
        if self.last == " ":
            piece = piece.lstrip(" ")
        if piece:
            self._out.append(piece)
        if ending == "group" and (name := _NAME_LAST.search(piece[-_MAX_NAME_LENGTH:])):
            self._after_word, self._after_log = True, name[0] in _OF_FRACTIONS

    def add_script(self, sign: str, shown: str) -> None:
        """Add a superscript (`^`) or subscript (`_`) to the last piece."""
        script = to_script(sign, shown)
        if not script:
            return
        if len(self._out) > 1 and self._out[-1] == " " and self._out[-2][-1] in _BARS:
            self._out.pop()  # `\parallel _{2}`
            self._wants_blank = True
        self._enclose_base()
        wants_blank, self._wants_blank = self._wants_blank, False  # after the script of an operator
        self.add(script, "script" if script[0] == sign and script[-1] != ")" else "open")
        self._wants_blank = wants_blank

    def _enclose_base(self) -> None:
        """Enclose the last piece in parentheses, if a script after it would look like a part of it."""
        if not self._out:
            return
        last = self._out[-1]
        if self._ending == "script":
            self._out[-1] = f"{last[0]}({last[1:]})"
        elif self._ending in ("fraction", "root") or (
            self._ending == "group"
            and len(last) > 1
            and not (is_enclosed(last, "([{⟨⌊⌈") or _NORM.fullmatch(last) or _is_unbalanced(last))
            and (last[-1] in _AMBIGUOUS_ENDS or not _AMBIGUOUS_SIGNS.isdisjoint(last))
        ):
            self._out[-1] = f"({last})"
        self._ending = "open"

    def add_space(self) -> None:
        self._blank()
        self._wants_blank = self._after_word = False
        self._ending = "open"

    def replace(self, text: str, ending: Ending = "open") -> None:
        """Replace everything that was added."""
        self._out[:] = [text] if text else []
        self._wants_blank = self._after_word = False
        self._ending = ending

    def add_operator(self, sign: str, *, spaced: bool) -> None:
        """Add an operator or relation, with a blank on both sides or on neither."""
        if spaced:
            self._blank()
        self._after_word = False
        self._ending = "open"
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
        self._after_log = name in _OF_FRACTIONS

    def _blank(self) -> None:
        if self._out and self.last != " ":
            self._out.append(" ")


def is_read_together(left: str, right: str) -> bool:
    """Whether two texts next to each other look like one name, script or root: `log` and `n`, `max_k` and `p`."""
    if not left or not right:
        return False
    if (left[-1].isalnum() or left[-1] in tuple(")]}")) and _NAME_FIRST.match(right):
        return True
    starts_operand = right[0].isalnum() and right[0] not in _SCRIPT_CHARACTERS
    return starts_operand and bool(_OPEN_END.search(left) or _NAME_LAST.search(left))


def _is_fraction(shown: str) -> bool:
    """Whether all of a text is a fraction whose numerator is in parentheses."""
    depth = 0
    for index, char in enumerate(shown):
        depth += (char == "(") - (char == ")")
        if not depth:
            below = shown[index + 2 :]
            return shown[index + 1 : index + 2] == "/" and (is_enclosed(below) or below.isalnum())
    return False


def to_script(sign: str, shown: str) -> str:
    """Return a superscript (`^`) or subscript (`_`), in Unicode script characters if all of it has them."""
    forms = symbols.SUPERSCRIPTS if sign == "^" else symbols.SUBSCRIPTS
    tight = shown.replace(" ", "")
    if not (len(tight) > 1 and "*" in tight) and all(char in forms for char in tight):
        return "".join(forms[char] for char in tight)
    is_word = shown.isalnum() and _SCRIPT_CHARACTERS.isdisjoint(shown)
    return sign + shown if len(shown) == 1 or is_word or is_enclosed(shown) else f"{sign}({shown})"


def is_enclosed(shown: str, opening: str = "([") -> bool:
    """Whether one pair of brackets, of which these are the first ones, encloses all of a text."""
    if len(shown) < 2 or shown[0] not in opening or shown[-1] != _CLOSING[shown[0]]:
        return False
    closing = "".join(_CLOSING[sign] for sign in opening)
    depth = 0
    for char in shown[:-1]:
        depth += (char in opening) - (char in closing)
        if not depth:
            return False
    return True


def _is_unbalanced(shown: str) -> bool:
    """Whether a bracket has no counterpart; the text cannot be enclosed then."""
    expected: list[str] = []
    for char in shown:
        if char in "([":
            expected.append(_CLOSING[char])
        elif char in ")]" and (not expected or expected.pop() != char):
            return True
    return bool(expected)


def is_letter_with_scripts(shown: str) -> bool:
    """Whether it is one letter with scripts."""
    return _LETTER_WITH_SCRIPT.fullmatch(shown) is not None


def is_script_text(text: str) -> bool:
    """Whether all characters are superscripts or subscripts."""
    return all(char in _SCRIPT_CHARACTERS for char in text)


def in_alphabet(shown: str, form: str) -> str:
    """Return one or two letters in a mathematical alphabet, or one with scripts; longer words stay legible.

    Of scripts, only single letters change as well.
    """
    if len(shown) <= _MAX_STYLED_LENGTH:
        return _styled(shown, form)
    parts = _LETTER_WITH_SCRIPT.fullmatch(unicodedata.normalize("NFD", shown))
    if parts is None:
        return shown
    scripts = unicodedata.normalize("NFC", parts[2])
    if "(" not in scripts:
        scripts = _SINGLE_SCRIPT.sub(lambda found: _styled(found[0], form), scripts)
    return _styled(parts[1], form) + scripts


def _styled(shown: str, form: str) -> str:
    letters = unicodedata.normalize("NFD", shown)  # an accent stays on its letter
    return unicodedata.normalize("NFC", "".join(symbols.in_math_style(char, form) for char in letters))


def fraction(top: str, bottom: str) -> str:
    """Return a fraction on one line. A denominator that is a product is enclosed: `1/(4m)`."""
    below = bottom if len(bottom) == 1 or _DENOMINATOR.fullmatch(bottom) else f"({bottom})"
    return f"{parenthesized(top)}/{below}"


def parenthesized(shown: str) -> str:
    """Return an operand, in parentheses unless it is a number or a name."""
    return shown if len(shown) == 1 or _OPERAND.fullmatch(shown) else f"({shown})"

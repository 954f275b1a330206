"""Where a formula must not be broken: between brackets, and between the bars of a norm or an absolute value."""

from __future__ import annotations

_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_BARS = frozenset(("\\|", "\\lvert", "\\rvert", "\\lVert", "\\rVert"))


class Enclosures:
    """Counts the brackets and bars of a formula as its tokens are read."""

    def __init__(self) -> None:
        self._depth = self._bars = 0

    @property
    def is_open(self) -> bool:
        """Whether a bracket or a bar is open. A closing one without an opening one counts as none."""
        return self._depth > 0 or self._bars % 2 > 0

    def read(self, token: str, after: str) -> None:
        """Read a token; `after` is the character after it. Bars between brackets may also be conditions."""
        self._depth += _BRACKETS.get(token, 0)
        is_evaluation = token[-1] == "|" and after == "_" and not self._bars % 2  # `f|_{x=1}`
        if self._depth <= 0 and not is_evaluation:
            self._bars += token in _BARS if token[0] == "\\" else token.count("|")

"""Which commands of a formula need several lines, which are relations, and which have no argument."""

from __future__ import annotations

import re

from paperreader.text.tex import symbols
from paperreader.text.tex.symbols import name_set

TOKEN = re.compile(r"\\([A-Za-z]+\*?|.)|[{}^_=<>+\-−()\[\],;&~]|\s+|[^\\{}^_=<>+\-−()\[\],;&~\s]+", re.DOTALL)
"""A token; the name of a command is the first group."""

SUMS = name_set("sum prod coprod bigcup bigcap bigoplus bigotimes bigvee bigwedge bigsqcup bigodot biguplus")
"""Signs with limits above and below."""

LIMIT_NAMES = name_set("max min sup inf lim limsup liminf argmax argmin esssup projlim injlim")
"""Functions with a limit below."""

RELATIONS = name_set(
    "leq le leqslant geq ge geqslant neq ne equiv approx approxeq sim simeq cong propto ll gg prec succ preceq succeq "
    "lesssim gtrsim asymp doteq triangleq coloneqq coloneq eqqcolon subset supset subseteq supseteq in ni notin to "
    "rightarrow longrightarrow Rightarrow Longrightarrow implies leftarrow longleftarrow Leftarrow Longleftarrow "
    "leftrightarrow Leftrightarrow iff mapsto longmapsto"
)
BINARY = name_set("times cdot div pm mp oplus otimes odot cup cap vee wedge setminus ast circ star")

WIDE_SPACES = name_set("quad qquad")
"""Spaces that separate formulas."""

NEEDS_LINES = re.compile(
    r"\\(?:[dc]?frac|genfrac|[dt]?binom|begin|underbrace|overbrace|underset|overset|stackrel|substack|left|limits"
    r"|operatorname\*|" + "|".join(sorted(SUMS | LIMIT_NAMES)) + r")(?![A-Za-z])"
)
"""A command that may need more than one line."""

NO_ARGUMENT = (
    frozenset(
        (*symbols.GREEK_AND_SIGNS, *symbols.OPERATORS, *symbols.SPACES, *symbols.STYLE_SWITCHES, *"|,;:!. ")
    )
    | symbols.FUNCTIONS
    | symbols.DELIMITER_SIZES
    | symbols.DIMENSION_COMMANDS
    | symbols.ESCAPABLE
)
"""Commands after which a group is not their argument."""


def precedes_argument(token: re.Match[str], before: bool) -> bool:
    """Return whether a group after a token is the argument of a command."""
    if token[0][0] == "\\":
        return token[1] not in NO_ARGUMENT
    return before and (token[0] == "{" or token[0].isspace())


def sign_of(name: str) -> str:
    """Return the sign of a relation or an operator; empty for another command."""
    return symbols.OPERATORS.get(name) or symbols.GREEK_AND_SIGNS.get(name, "")

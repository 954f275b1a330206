"""What a converter leaves of macros and environments that it does not know: their names, and arguments as text."""

from __future__ import annotations

import re

MAX_ARGUMENT_CHARS = 60

_ENVIRONMENT = re.compile(r"\{[A-Za-z@]{2,30}\*?\}")
_ARGUMENT = re.compile(r"(?=\S*[0-9=_\\])[^\s/@]+")
"""One word that is none of a language, such as an encoding or an option; no address."""
_REST_OF_COMMAND = re.compile(r"[_:@][A-Za-z]")


def is_environment_name(text: str) -> bool:
    """Return whether a text is the name of an environment that was not understood, such as `{mdframed}`.

    What it contains follows as text. The name of a macro, however, may replace a word, and is shown.
    """
    return _ENVIRONMENT.fullmatch(text.strip()) is not None


def is_residue(text: str) -> bool:
    """Return whether a paragraph after such a name is only its arguments, or the rest of the name."""
    text = text.strip()
    if _REST_OF_COMMAND.match(
        text
    ):  # LaTeXML ends the names of commands at signs that are letters for LaTeX 3
        return True
    return len(text) <= MAX_ARGUMENT_CHARS and _ARGUMENT.fullmatch(text) is not None

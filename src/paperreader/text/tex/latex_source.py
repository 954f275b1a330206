r"""Return prose that contains TeX as source that LaTeX accepts and that means the same.

Titles and abstracts are untrusted, and exported into files that TeX will run. So a command stays only if it is on a
list of commands that typeset something, and a formula only if all of it is known. Otherwise the display form of the
text is escaped: `\input{/etc/passwd}` is text to read, and never executed.
"""

from __future__ import annotations

import re

from paperreader.text.sanitize import sanitize
from paperreader.text.tex import symbols
from paperreader.text.tex.braces import strip_case_braces
from paperreader.text.tex.dollars import find_closing_dollar
from paperreader.text.tex.escape import URL_PATTERN, escape_tex, tex_ascii, tex_command
from paperreader.text.tex_display import tex_to_unicode

_MATH_COMMANDS = frozenset(
    (
        *(symbols.GREEK_AND_SIGNS.keys() - {"omicron", "degree", "upmu", "euro"}),
        *symbols.OPERATORS,
        *(symbols.FUNCTIONS - {"argmax", "argmin"}),
        *(symbols.MATH_ACCENTS.keys() - {"Bar", "Hat", "Tilde"}),
        *(symbols.DELIMITER_SIZES - {"middle"}),
        *(
            "mathcal",
            "mathbb",
            "mathfrak",
            "mathbf",
            "boldsymbol",
            "mathrm",
            "mathsf",
            "mathtt",
            "mathit",
            "mathscr",
        ),
        *(
            "text",
            "textbf",
            "textit",
            "textrm",
            "texttt",
            "operatorname",
            "operatorname*",
            "frac",
            "tfrac",
            "dfrac",
        ),
        *(
            "binom",
            "sqrt",
            "pmod",
            "bmod",
            "limits",
            "nolimits",
            "overline",
            "underline",
            "underbrace",
            "overbrace",
        ),
        *(" ", ",", ";", ":", "!", "quad", "qquad", "|", *symbols.ESCAPABLE),
    )
)
_TEXT_COMMANDS = frozenset(
    (
        *("textbf", "textit", "emph", "texttt", "textsc", "textsf", "textrm", "textsl", "text"),
        *("textsuperscript", "textsubscript", *symbols.TEXT_ACCENTS, *symbols.LETTERS, *symbols.ESCAPABLE),
        *(name for name in symbols.TEXT_SYMBOLS if name.startswith("text")),
        *("S", "P", "dag", "ddag", "copyright", "pounds", "LaTeX", "TeX", " ", ",", "-", "/"),
    )
)
_ESCAPED = re.compile(r"\\([_%#&])")
_IN_TEX = rf"{URL_PATTERN}(?:{_ESCAPED.pattern}(?:{URL_PATTERN.removeprefix('https?://')})?)*"
"""A URL in TeX, in which signs may be escaped."""
_STOP = re.compile(
    rf"\\(?:[A-Za-z]+\*?|.)|\\|\$+|[%&#_^~<>|]|(?m:^)(?<!\S)[ \t]*@|{_IN_TEX}", re.IGNORECASE | re.DOTALL
)
_MATH_PART = re.compile(r"\\([A-Za-z]+\*?|.)|[%#$]|\\", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_MAX_DISPLAY = 3000


class _UncertainTex(Exception):
    """Raised for TeX that cannot stay as it is."""


def to_latex_source(text: str, *, ascii_only: bool = False) -> str:
    r"""Return `text`, with TeX or without, as TeX source whose braces are balanced, with and without the escaped ones.

    URLs become `\url{…}`. With `ascii_only`, characters beyond ASCII become commands where LaTeX has one. Imported
    again, the display form of the result equals that of the original.
    """
    text = sanitize(text)
    shown = tex_to_unicode(text)
    try:
        source = _keep_tex(text, ascii_only)
    except _UncertainTex:
        source = ""
    if (
        source
        and _balanced(source)
        and tex_to_unicode(source) == shown
        and tex_to_unicode(strip_case_braces(source)) == shown
    ):
        return source
    return escape_tex(shown, ascii_only=ascii_only, urls=True)


def _keep_tex(text: str, ascii_only: bool) -> str:
    """Return `text` with its TeX, and the rest escaped.

    Raises:
        _UncertainTex: it contains TeX that may not be exported.
    """
    out: list[str] = []
    offset = 0
    while found := _STOP.search(text, offset):
        out.append(_encode(text[offset : found.start()], ascii_only))
        piece, offset = _convert_stop(text, found, ascii_only)
        out.append(piece)
    return "".join([*out, _encode(text[offset:], ascii_only)])


def _convert_stop(text: str, found: re.Match[str], ascii_only: bool) -> tuple[str, int]:
    """Return the source for what was found, and the offset where to continue."""
    piece, offset, stop = found[0], found.start(), found.end()
    if piece[0] == "\\":
        if piece[1:] not in _TEXT_COMMANDS:
            raise _UncertainTex
        return piece, stop
    if piece[0] == "$":
        close = find_closing_dollar(text, offset, stop, len(text), _MAX_DISPLAY) if stop - offset < 3 else 0
        if not close:
            return "\\$" * len(piece), stop
        return piece + _formula(text[stop:close], ascii_only) + piece, close + stop - offset
    if piece[0] in "hH":
        address = _ESCAPED.sub(r"\1", piece)
        return f"\\url{{{address}}}", stop
    if piece == "~" and text[offset - 1 : offset].isalnum() and text[stop : stop + 1].isalnum():
        return piece, stop  # a tie; if it is none, the comparison of the display forms fails later
    return escape_tex(piece), stop


def _formula(inner: str, ascii_only: bool) -> str:
    for part in _MATH_PART.finditer(inner):
        if part[1] not in _MATH_COMMANDS:
            raise _UncertainTex
    if not ascii_only or inner.isascii():
        return inner
    written = tex_ascii(inner, math=True)
    if any(tex_command(char) != char for char in written):
        raise _UncertainTex  # letters for which only prose has commands
    return written


def _encode(text: str, ascii_only: bool) -> str:
    return tex_ascii(text) if ascii_only else text


def _balanced(source: str) -> bool:
    """Whether braces are balanced, also if escaped ones are counted, as BibTeX does."""
    total = unescaped = 0
    for found in _BRACES.finditer(source):
        step = (found[0][-1] == "{") - (found[0][-1] == "}")
        total += step
        unescaped += step if len(found[0]) == 1 else 0
        if total < 0 or unescaped < 0:
            return False
    return total == unescaped == 0

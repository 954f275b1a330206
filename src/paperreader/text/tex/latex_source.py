r"""Prose with TeX in it as TeX source that LaTeX accepts and that means the same.

Titles and abstracts come from outside and go into files that TeX will run. So a command stays only where it is known
to do nothing but show something; a formula stays only where all of it is known. Whatever else there is makes the text
its readable form, escaped: `\input{/etc/passwd}` is a thing to read and never to do.
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
"""An address in TeX, in which signs may stand behind backslashes."""
_STOP = re.compile(
    rf"\\(?:[A-Za-z]+\*?|.)|\\|\$+|[%&#_^~<>|]|(?m:^)(?<!\S)[ \t]*@|{_IN_TEX}", re.IGNORECASE | re.DOTALL
)
_MATH_PART = re.compile(r"\\([A-Za-z]+\*?|.)|[%#$]|\\", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_MAX_DISPLAY = 3000


class _UncertainTex(Exception):
    """Something that cannot stay as it is."""


def to_latex_source(text: str, *, ascii_only: bool = False) -> str:
    r"""`text`, an original with TeX in it or without, as TeX source; its braces are balanced however one counts them.

    Addresses become `\url{…}`. With `ascii_only`, letters and signs beyond ASCII become commands, as far as LaTeX has
    any. Read back and made readable it says what the original says when that is made readable.
    """
    text = sanitize(text)
    shown = tex_to_unicode(text)
    try:
        kept = _kept(text, ascii_only)
    except _UncertainTex:
        kept = ""
    if (
        kept
        and _balanced(kept)
        and tex_to_unicode(kept) == shown
        and tex_to_unicode(strip_case_braces(kept)) == shown
    ):
        return kept
    return escape_tex(shown, ascii_only=ascii_only, addresses=True)


def _kept(text: str, ascii_only: bool) -> str:
    """`text` with its TeX, and what is none escaped.

    Raises:
        _Unsure: there is TeX that does not belong into a file for others.
    """
    out: list[str] = []
    place = 0
    while found := _STOP.search(text, place):
        out.append(_plain(text[place : found.start()], ascii_only))
        piece, place = _piece(text, found, ascii_only)
        out.append(piece)
    return "".join([*out, _plain(text[place:], ascii_only)])


def _piece(text: str, found: re.Match[str], ascii_only: bool) -> tuple[str, int]:
    """What to write for what was found, and where to go on."""
    piece, place, stop = found[0], found.start(), found.end()
    if piece[0] == "\\":
        if piece[1:] not in _TEXT_COMMANDS:
            raise _UncertainTex
        return piece, stop
    if piece[0] == "$":
        close = find_closing_dollar(text, place, stop, len(text), _MAX_DISPLAY) if stop - place < 3 else 0
        if not close:
            return "\\$" * len(piece), stop
        return piece + _formula(text[stop:close], ascii_only) + piece, close + stop - place
    if piece[0] in "hH":
        address = _ESCAPED.sub(r"\1", piece)
        return f"\\url{{{address}}}", stop
    if piece == "~" and text[place - 1 : place].isalnum() and text[stop : stop + 1].isalnum():
        return piece, stop  # a tie; where it is none, the text reads otherwise afterwards
    return escape_tex(piece), stop


def _formula(inner: str, ascii_only: bool) -> str:
    for part in _MATH_PART.finditer(inner):
        if part[1] not in _MATH_COMMANDS:
            raise _UncertainTex
    if not ascii_only or inner.isascii():
        return inner
    written = tex_ascii(inner, math=True)
    if any(tex_command(char) != char for char in written):
        raise _UncertainTex  # letters of prose, for which only prose has commands
    return written


def _plain(text: str, ascii_only: bool) -> str:
    return tex_ascii(text) if ascii_only else text


def _balanced(source: str) -> bool:
    """Whether braces close what they open, also when escaped ones are counted, as BibTeX does."""
    whole = bare = 0
    for found in _BRACES.finditer(source):
        step = (found[0][-1] == "{") - (found[0][-1] == "}")
        whole += step
        bare += step if len(found[0]) == 1 else 0
        if whole < 0 or bare < 0:
            return False
    return whole == bare == 0

r"""Escape plain text for TeX, and undo it.

`unescape_tex` inverts `escape_tex` exactly, and also understands how other programs write the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from string import ascii_uppercase

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "-": "-\\/",
    "`": r"\textasciigrave{}",
    "''": r"\textquotesingle{}\textquotesingle{}",
    **{sign: f"\\{sign}" for sign in "%&#_$"},
}
_LONE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
"""BibTeX counts braces whether they are escaped or not, so only pairs may be escaped."""

URL_PATTERN = r"https?://(?:(?![{}\[\]\\$<>\"`^])[!-~])*(?![.,;:!?)\]'*{}\[\]\\$<>\"`^])[!-~]"
"""A URL in running text, without the punctuation of the sentence after it and without square brackets."""

_SIGNS = lazy_pattern(r"[\\^~<>|%&#_${}`]|''|-(?=-)|(?m:^)(?<!\S)[ \t]*@")
_BRACES = lazy_pattern(r"[{}]")
_NOT_ASCII = lazy_pattern(r"[^\x00-\x7f]")

_LETTERS = frozenset(("ss", "o", "O", "l", "L", "ae", "AE", "oe", "OE", "aa", "AA", "i", "j"))
_TEXT_SYMBOL_NAMES = frozenset(("S", "P", "dag", "ddag", "pounds"))
_NOT_IN_LATEX = symbols.name_set(
    "Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Rho Tau Chi omicron varphi upmu lor land dots dotsc dotsb dotsm le "
    "ge gets lnot varepsilon leqslant geqslant ne copyright pounds yen euro degree dag ddag S P imath jmath"
)
"""Names of signs that LaTeX does not define, or that mean the same as a better one."""

_CAPITAL_ALPHABETS = ("mathcal", "mathbb", "mathfrak")
"""Mathematical alphabets of which LaTeX has capitals."""

_LETTER = r"(?:[A-Za-z]|\\[ij](?![A-Za-z]))"
_ESCAPE_SEQUENCE = lazy_pattern(
    rf"""
      \{{ \\ (?P<a>[`'^"~=.]) \s? \{{? (?P<al>{_LETTER}) \}}? \}}
    | \\ (?P<b>[`'^"~=.]) (?: \{{ (?P<bl>{_LETTER}) \}} | (?P<bm>[A-Za-z]) )
    | \{{ \\ (?P<c>[uvHrckdb]) (?: \{{ (?P<cl>{_LETTER}) \}} | \s (?P<cm>{_LETTER}) ) \}}
    | \\ (?P<d>[uvHrckdb]) \{{ (?P<dl>{_LETTER}) \}}
    | \{{ \\ (?P<named>[A-Za-z]+) (?:\{{\}})? \}}
    | \\ (?P<symbol>[A-Za-z]+) \{{\}}
    | \$ \\ (?P<math>[A-Za-z]+) \$
    | \$ \\ (?P<form>mathcal|mathbb|mathfrak)\{{ (?P<formed>[A-Za-z]) \}} \$
    | \\ (?P<escaped>[%&#_${{}}])
    | (?P<hyphen>-) \\/ (?=-)
    | \{{ (?P<at>@) \}}
    | \\text(?P<height>super|sub)script\{{ (?P<raised>[0-9+=()A-Za-z-]) \}}
    """,
    re.VERBOSE,
)


def escape_tex(text: str, *, ascii_only: bool = False) -> str:
    r"""Return `text` so that TeX and BibTeX show it literally: signs escaped, braces in pairs or as commands.

    An `@` at the beginning of a line, where the entries of BibTeX files begin, is put into braces. With `ascii_only`,
    characters beyond ASCII become commands where LaTeX has one; others stay.
    """
    pairs = _balanced_braces(text)

    def escape(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in _LONE_BRACES:
            return f"\\{sign}" if found.start() in pairs else _LONE_BRACES[sign]
        return _ESCAPES.get(sign) or f"{sign[:-1]}{{@}}"

    escaped = _SIGNS.sub(escape, text)
    return tex_ascii(escaped) if ascii_only else escaped


def tex_ascii(source: str) -> str:
    """Return TeX source, except formulas, with commands for what is not ASCII, where LaTeX has one."""
    return source if source.isascii() else _NOT_ASCII.sub(lambda found: tex_command(found[0]), source)


def tex_command(char: str) -> str:
    r"""Return the command for a non-ASCII character (`{\'e}`, `\texteuro{}`, `$\alpha$`), or the character itself."""
    return _commands_by_character().get(char, char)


@lru_cache(1)
def escape_meanings() -> Mapping[str, str]:
    """Return everything that `escape_tex` writes in place of one character, with that character.

    A hyphen is missing, which is escaped only before another one.
    """
    signs = {written: sign for sign, written in _ESCAPES.items() if sign not in ("-", "''")}
    quote = _ESCAPES["''"][: len(_ESCAPES["''"]) // 2]
    braces = {f"\\{sign}": sign for sign in _LONE_BRACES} | {
        name: sign for sign, name in _LONE_BRACES.items()
    }
    letters = {written: char for char, written in _commands_by_character().items()}
    return {**letters, **signs, quote: "'", **braces, "{@}": "@"}


def unescape_tex(text: str) -> str:
    """Undo `escape_tex`; TeX other than an escape, an accent or a single sign stays."""
    return _ESCAPE_SEQUENCE.sub(_unescape, text) if "\\" in text or "{" in text else text


def _balanced_braces(text: str) -> set[int]:
    pairs: set[int] = set()
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            pairs |= {opened.pop(), found.start()}
    return pairs


@lru_cache(1)
def math_sign_names() -> Mapping[str, str]:
    """Return the signs of formulas with their names."""
    return {
        sign: name
        for table in (symbols.OPERATORS, symbols.GREEK_AND_SIGNS)
        for name, sign in table.items()
        if len(sign) == 1 and not sign.isascii() and name not in _NOT_IN_LATEX and not name.startswith("varG")
    }


@lru_cache(1)
def _commands_by_character() -> Mapping[str, str]:
    made = {sign: f"$\\{name}$" for sign, name in math_sign_names().items()}
    for name in _CAPITAL_ALPHABETS:
        styled = {
            symbols.in_math_style(letter, symbols.ALPHABETS[name]): letter for letter in ascii_uppercase
        }
        made |= {sign: f"$\\{name}{{{letter}}}$" for sign, letter in styled.items() if not sign.isascii()}
    for height in ("super", "sub"):
        made |= {sign: f"\\text{height}script{{{char}}}" for char, sign in _scripts(height).items()}
    for name, sign in symbols.TEXT_SYMBOLS.items():
        if len(sign) == 1 and not sign.isascii() and (name.startswith("text") or name in _TEXT_SYMBOL_NAMES):
            made[sign] = f"\\{name}{{}}"
    for name, letter in symbols.LETTERS.items():
        if name in _LETTERS and len(letter) == 1:
            made[letter] = f"{{\\{name}}}"
    for name, mark in symbols.TEXT_ACCENTS.items():
        for base in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
            composed = unicodedata.normalize("NFC", base + mark)
            if len(composed) == 1 and composed not in made:
                letter = f"\\{base}" if base in "ij" and name not in "ckdb" else base
                made[composed] = f"{{\\{name}{{{letter}}}}}" if name.isalpha() else f"{{\\{name}{letter}}}"
    return made


def _scripts(height: str) -> Mapping[str, str]:
    table = symbols.SUPERSCRIPTS if height == "super" else symbols.SUBSCRIPTS
    return {char: sign for char, sign in table.items() if char.isascii() and char not in "*"}


@lru_cache(1)
def math_signs_by_name() -> Mapping[str, str]:
    """Return the signs of formulas by their names."""
    return {name: sign for sign, name in math_sign_names().items()}


def _unescape(found: re.Match[str]) -> str:
    part = found.groupdict()
    if sign := part["escaped"] or part["at"] or part["hyphen"]:
        return sign
    accent = part["a"] or part["b"] or part["c"] or part["d"]
    if accent:
        letter = next(part[name] for name in ("al", "bl", "bm", "cl", "cm", "dl") if part[name])
        composed = unicodedata.normalize("NFC", letter.removeprefix("\\") + symbols.TEXT_ACCENTS[accent])
        return composed if len(composed) == 1 else found[0]
    if part["height"]:
        return _scripts(part["height"]).get(part["raised"], found[0])
    if part["form"]:
        return symbols.in_math_style(part["formed"], symbols.ALPHABETS[part["form"]])
    if part["math"]:
        return math_signs_by_name().get(part["math"], found[0])
    name = part["named"] or part["symbol"]
    letter = symbols.LETTERS.get(name) or (
        symbols.TEXT_SYMBOLS.get(name) if name.startswith("text") else None
    )
    if name in _TEXT_SYMBOL_NAMES:
        letter = symbols.TEXT_SYMBOLS[name]
    return letter or found[0]

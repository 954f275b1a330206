r"""Write prose that contains TeX as source that LaTeX accepts, and from which exactly the same prose can be read.

Titles and abstracts are untrusted, and exported into files that TeX will run. So a command stays only if it is on a
list of commands that typeset something, and a formula only if all of it is known. The rest is escaped:
`\input{/etc/passwd}` is text to read, and never executed.

Signs and letters become commands: `\%` for `%`, in ASCII `{\'e}` for `é`, `\url{…}` for a URL. Where the text itself
contains such a command, `{}` precedes it, which LaTeX ignores and the import removes. Formulas are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from paperreader.text.sanitize import sanitize
from paperreader.text.tex import symbols
from paperreader.text.tex.dollars import find_closing_dollar
from paperreader.text.tex.escape import (
    URL_PATTERN,
    escape_meanings,
    escape_tex,
    math_sign_names,
    math_signs_by_name,
    tex_ascii,
    tex_command,
)
from paperreader.text.tex.scanner import brace_pairs

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
_FONTS = frozenset(("bf", "it", "em", "tt", "sc", "sf", "rm", "sl"))
"""Commands for the rest of a group."""
_BEFORE_TIE, _AFTER_TIE = re.compile(r"[\w).,\]}]"), re.compile(r"[^\W_]|[(\[\\$]")
_GUARD = "{}"
_URL = URL_PATTERN.replace("https?", "(?i:https?)", 1)
_URL_SIGN, _ESCAPED_SIGN = re.compile(r"[_%#&]"), re.compile(r"\\([_%#&])")
_URL_IN_TEX = rf"{_URL}(?:{_ESCAPED_SIGN.pattern}(?:{URL_PATTERN.removeprefix('https?://')})?)*"
"""A URL in which signs may be escaped."""
_URL_COMMAND = rf"\\url\{{(?P<url>{_URL})\}}(?P<escaped>\{{\}})?"
"""A URL; two braces after it mean that its signs are escaped."""
_HYPHEN = r"(?P<hyphen>-)\\/(?=-)"
_FORMULA = r"\$\$(?:\\.|[^\\$])*\$\$|\$(?:\\.|[^\\$])*\$"
_OTHER_STOPS = rf"\\(?:[A-Za-z]+\*?|.)|\\|\$+|[%&#_^~<>|{{}}]|(?m:^)(?<!\S)[ \t]*@|{_URL_IN_TEX}"
_ARGUMENT = r"\\(?:[A-Za-z]+\*?|[^A-Za-z\s])\s{0,9}\{"
"""A command and the brace of its argument, before which nothing may be inserted."""
_MATH_PART = re.compile(r"\\([A-Za-z]+\*?|.)|[%#$]|\\", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_SPECIAL = re.compile(r"[\\${}%&#_^~<>|`@]|--|''|https?:", re.IGNORECASE)
_MAX_DISPLAY = 3000


def to_latex_source(text: str, *, ascii_only: bool = False) -> str:
    r"""Return `text`, with TeX or without, as TeX source whose braces are balanced, with and without the escaped ones.

    URLs become `\url{…}`. With `ascii_only`, characters beyond ASCII become commands where LaTeX has one, except in
    formulas. `from_latex_source` returns the sanitized text.
    """
    text = sanitize(text)
    if not _SPECIAL.search(text):
        return tex_ascii(text) if ascii_only else text
    source = _Encoder(text, ascii_only).source()
    if _is_balanced(source) and from_latex_source(source) == text:
        return source
    return escape_tex(text, ascii_only=ascii_only)


def from_latex_source(source: str) -> str:
    """Return the text of which `to_latex_source` made `source`. Other source stays TeX that means the same."""
    return _decoder().sub(_decode, source) if _SPECIAL.search(source) else source


def _decode(found: re.Match[str]) -> str:
    guards = found["guards"]
    if guards is None:  # a formula, or a command
        return _math_signs().sub(_decode_math_sign, found[0]) if found[0][0] == "$" else found[0]
    if guards:
        return found[0].removeprefix(_GUARD)
    if found["escaped"]:
        return _URL_SIGN.sub(r"\\\g<0>", found["url"])
    return found["url"] or found["hyphen"] or escape_meanings()[found["form"]]


def _decode_math_sign(found: re.Match[str]) -> str:
    guards = found["guards"].removesuffix(_GUARD)
    return f"\\{found['name']}{guards}" if guards else math_signs_by_name()[found["name"]]


@lru_cache(1)
def _math_signs() -> re.Pattern[str]:
    r"""Return a pattern of the signs of formulas as they are written in ASCII: `\alpha{}`."""
    return re.compile(rf"\\(?P<name>{_any_of(math_signs_by_name())})(?P<guards>(?:\{{\}})+)")


@lru_cache(1)
def _written() -> str:
    """Return a pattern of everything that `escape_tex` may write in place of a character, and of URLs."""
    prefixes = ("{\\", "\\text", "\\", "$\\", "")
    groups: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    for form in escape_meanings():
        prefix = next(filter(form.startswith, prefixes))
        groups[prefix].append(form.removeprefix(prefix))
    alternatives = "|".join(
        f"{re.escape(prefix)}(?:{_any_of(rest)})" for prefix, rest in groups.items() if rest
    )
    return rf"(?:{_URL_COMMAND}|{_HYPHEN}|(?P<form>{alternatives}))"


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


@lru_cache(1)
def _decoder() -> re.Pattern[str]:
    return re.compile(rf"(?P<guards>(?:\{{\}}){{0,9}}){_written()}|{_FORMULA}|{_ARGUMENT}", re.DOTALL)


@lru_cache(1)
def _encoder() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<written>(?:\{{\}}){{0,9}}{_written()})|(?P<argument>{_ARGUMENT})|{_OTHER_STOPS}", re.DOTALL
    )


@lru_cache
def _escape_sign(sign: str) -> str:
    return escape_tex(sign)


class _Encoder:
    """Writes one text as source; the result may have unbalanced braces."""

    def __init__(self, text: str, ascii_only: bool) -> None:
        self._text, self._ascii = text, ascii_only
        pairs = brace_pairs(text)
        self._paired = {*pairs, *pairs.values()}

    def source(self) -> str:
        """Return the source of all of the text."""
        out: list[str] = []
        offset = 0
        while found := _encoder().search(self._text, offset):
            out.append(self._prose(self._text[offset : found.start()]))
            piece, offset = self._stop(found)
            out.append(piece)
        return "".join([*out, self._prose(self._text[offset:])])

    def _stop(self, found: re.Match[str]) -> tuple[str, int]:
        """Return the source for what was found, and the offset where to continue."""
        piece, offset, stop = found[0], found.start(), found.end()
        if found["written"]:
            return f"{_GUARD}{piece}", stop
        if piece[0] == "$":
            return self._dollars(offset, stop)
        if piece[0] in "hH":
            return self._url(piece), stop
        if found["argument"]:
            command = piece[:-1].rstrip()
            if command[1:] in _TEXT_COMMANDS and stop - 1 in self._paired:
                return piece, stop
            return self._literal(command), offset + len(command)
        in_group = self._text[offset - 1 : offset] == "{" and offset - 1 in self._paired
        stays = (
            (piece[0] == "\\" and (piece[1:] in _TEXT_COMMANDS or (in_group and piece[1:] in _FONTS)))
            or (piece in ("{", "}") and offset in self._paired)
            or (piece == "~" and self._is_tie(offset))
        )
        return piece if stays else _escape_sign(piece), stop

    def _url(self, url: str) -> str:
        plain = _ESCAPED_SIGN.sub(r"\1", url)
        return f"\\url{{{plain}}}{_GUARD if plain != url else ''}"

    def _is_tie(self, offset: int) -> bool:
        before, after = self._text[offset - 1 : offset], self._text[offset + 1 : offset + 2]
        return bool(_BEFORE_TIE.match(before) and _AFTER_TIE.match(after)) and not (
            before.isdigit() and after.isdigit()
        )

    def _dollars(self, offset: int, stop: int) -> tuple[str, int]:
        signs, close = self._text[offset:stop], 0
        if len(signs) < 3:
            close = find_closing_dollar(self._text, offset, stop, len(self._text), _MAX_DISPLAY)
        if not close:
            return self._literal(signs), stop
        formula, end = self._text[stop:close], close + len(signs)
        known = all(part[1] in _MATH_COMMANDS for part in _MATH_PART.finditer(formula))
        if not known or not _is_balanced(formula) or (self._ascii and _has_text_letters(formula)):
            return self._literal(self._text[offset:end]), end
        return f"{signs}{self._formula(formula)}{signs}", end

    def _formula(self, formula: str) -> str:
        guarded = _math_signs().sub(rf"\g<0>{_GUARD}", formula)
        if not self._ascii or guarded.isascii():
            return guarded
        names = math_sign_names()
        return "".join(f"\\{names[char]}{_GUARD}" if char in names else char for char in guarded)

    def _prose(self, text: str) -> str:
        return tex_ascii(text) if self._ascii else text

    def _literal(self, text: str) -> str:
        return escape_tex(text, ascii_only=self._ascii)


def _has_text_letters(formula: str) -> bool:
    """Whether a formula contains letters or signs, such as `é` or `²`, that have a command in text only."""
    names = math_sign_names()
    return any(char not in names and tex_command(char) != char for char in formula if not char.isascii())


def _is_balanced(source: str) -> bool:
    """Whether braces are balanced, also if escaped ones are counted, as BibTeX does."""
    total = unescaped = 0
    for found in _BRACES.finditer(source):
        step = (found[0][-1] == "{") - (found[0][-1] == "}")
        total += step
        unescaped += step if len(found[0]) == 1 else 0
        if total < 0 or unescaped < 0:
            return False
    return total == unescaped == 0

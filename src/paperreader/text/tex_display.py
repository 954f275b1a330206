"""Convert TeX to Unicode for display: only what is certain is converted, everything else stays unchanged.

Abstracts are prose with some TeX, which is often damaged. So only mathematics between delimiters, known commands,
accents, quotes, dashes and ties are converted. URLs and unknown macros stay, and a dollar sign is a price unless what
follows is mathematics.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.sanitize import sanitize

if TYPE_CHECKING:
    from paperreader.text.tex.converter import Converter

_TEX_MARKERS = ("\\", "$", "~", "`", "{", "--")
"""Text with none of these nor two apostrophes, and with no command that lost its backslash, contains no TeX."""

_AFTER_WORD = r"[\\\w/.-]"
Repair: TypeAlias = tuple[tuple[str, ...], re.Pattern[str], str]
"""Repair of a command that lost its backslash: texts that occur in it (fast to search for), the pattern in which the
loss is certain, and the replacement. A pattern that begins with a literal is several times as fast."""

_WITHOUT_BRACES: tuple[Repair, ...] = (
    (
        ("math",),
        lazy_pattern(rf"math(?<!{_AFTER_WORD}math)(?:cal|bb)(?=\s[A-Z](?![A-Za-z]))"),
        r"\\\g<0>",
    ),
    (
        ("ell_",),
        lazy_pattern(rf"ell(?<!{_AFTER_WORD}ell)(?=_(?:[0-9]|[a-z]\b|\{{|infty\b))"),
        r"\\\g<0>",
    ),
    (
        ("ightarrow", "leftarrow"),
        lazy_pattern(
            rf"(?<!{_AFTER_WORD})(?:(?:long)?(?:left)?rightarrow|leftarrow|Rightarrow)(?![A-Za-z(.-])"
        ),
        r"\\\g<0>",
    ),
    (
        ("rightarrow",),
        lazy_pattern(r"(?<=[A-Za-z0-9])(?<!left)(?<!long)(?<![xn])rightarrow(?=[A-Z0-9\s])"),
        r"\\rightarrow{}",
    ),
    (
        ("leq", "geq", "infty"),
        lazy_pattern(rf"(?<!{_AFTER_WORD})(?:leq|geq|infty)(?![A-Za-z(.-])"),
        r"\\\g<0>",
    ),
    (("infty",), lazy_pattern(r"(?<=[|})\w][_^])infty(?![A-Za-z])"), r"\\infty"),
)
_PARTS_WITHOUT_BRACES = ("math", "arrow", "leq", "geq", "infty")
"""Parts of which each text that `_WITHOUT_BRACES` repairs contains one, or `ell_`."""
_WITH_BRACES: tuple[Repair, ...] = (
    (
        ("math",),
        lazy_pattern(rf"math(?<!{_AFTER_WORD}math)(?:cal|bb|bf|rm|frak)(?=\s?\{{[A-Za-z0-9]{{1,12}}\}})"),
        r"\\\g<0>",
    ),
    (("text",), lazy_pattern(r"(?<![\\/])text(?:bf|it|tt|sc|rm|sf)(?=\{[^{}]{1,80}\})"), r"\\\g<0>"),
    (
        ("operatorname{", "widetilde{", "widehat{"),
        lazy_pattern(rf"(?<!{_AFTER_WORD})(?:operatorname|widetilde|widehat)(?=\{{[\w -]{{1,80}}\}})"),
        r"\\\g<0>",
    ),
    (
        ("{bf ", "{em ", "{tt ", "{sim}", "{approx}", "{pm}", "{times}", "{leq}", "{geq}"),
        lazy_pattern(r"(?<=\{)(?:(?:bf|em|tt)(?= [^{}]{1,200}\})|(?:sim|approx|pm|times|leq|geq)(?=\}))"),
        r"\\\g<0>",
    ),
)
"""Names of commands that are not words of any language, or not in such a position."""

_COMMENT = lazy_pattern(r"(?<!\\)%[^\n]*\n[ \t]*")
_BAR = r"(?:middle\s*\||mid(?![A-Za-z]))"
_DOUBLE_BARS = (
    (lazy_pattern(rf"\\{_BAR}\s*\\{_BAR}"), r"\\parallel "),
    (lazy_pattern(r"\\middle\s*\|\s*\\right\s*\|"), r"\\right\\|"),
    (lazy_pattern(r"\\left\s*\|\s*\\middle\s*\|"), r"\\left\\|"),
)
"""Two bars in a row, which are one sign, and that sign."""
_NORM_BARS = (
    (lazy_pattern(r"\\left\.\s*\\parallel(?![A-Za-z])"), r"\\left\\|"),
    (lazy_pattern(r"\\parallel\s*\\right\."), r"\\right\\|"),
)
"""Bars around a norm, which pandoc writes as relations next to invisible brackets."""
_NORM_END = lazy_pattern(r"\\parallel(?=\s*(?:\{\})?[_^])")
"""The second bar of a norm whose first one is in `_NORM_BARS`."""
_TIE_IN_TEXT = lazy_pattern(r"\\text\{[^{}~]*~[^{}]*\}")
_INTERNAL_MACRO = lazy_pattern(r"\\@[A-Za-z@]{2,}")
"""What LaTeXML leaves of `\\centering` and the like."""
_CODE_POINT_ESCAPE = lazy_pattern(r"\\u([0-9a-fA-F]{4})(?![0-9a-fA-F])")


def tex_to_unicode(text: str) -> str:
    """Return `text` with TeX as Unicode where that is certain, sanitized.

    Never raises, and takes linear time.
    """
    return _convert(text, has_spaced_relations=False)


def readable_text(text: str) -> str:
    """Return `text` as `tex_to_unicode` does, with blanks around the relations of formulas, as TeX sets them.

    For the screen: what is searched, compared or exported has none.
    """
    return _convert(text, has_spaced_relations=True)


def _convert(text: str, *, has_spaced_relations: bool) -> str:
    text = sanitize(text)
    # A single character is found fifty times as fast as two.
    if _contains_any(text, _PARTS_WITHOUT_BRACES) or ("_" in text and "ell_" in text):
        text = _repair(text, _WITHOUT_BRACES)
    if "{" in text:
        text = _repair(text, _WITH_BRACES)
    if not (_contains_any(text, _TEX_MARKERS) or ("'" in text and "''" in text)):
        return text
    if "\\u" in text:
        text = _CODE_POINT_ESCAPE.sub(_decode_code_point, text)
    return sanitize(_converter(text, has_spaced_relations=has_spaced_relations).convert())


def formula_to_unicode(tex: str) -> str:
    """Return a formula without delimiters on one line: as Unicode, except for unknown macros. Sanitized.

    Never raises, and takes linear time.
    """
    text = prepare_formula(tex)
    return sanitize(_converter(text).convert_formula(0, len(text), 0))


def _converter(text: str, *, has_spaced_relations: bool = False) -> Converter:
    from paperreader.text.tex.converter import Converter  # ten modules, which the first frame rarely needs

    return Converter(text, has_spaced_relations=has_spaced_relations)


def prepare_formula(tex: str) -> str:
    """Return the source of a formula without control characters, and without comments at line ends.

    LaTeXML breaks its `alttext` into lines with such comments. Two bars in a row become one sign.
    """
    text = " ".join(_COMMENT.sub("", sanitize(tex)).split("\n"))
    if "~" in text:
        text = _TIE_IN_TEXT.sub(lambda found: re.sub(r"(?<!\\)~", " ", found[0]), text)
    if "\\mi" in text:
        for pattern, sign in _DOUBLE_BARS:
            text = pattern.sub(sign, text)
    if "\\parallel" in text:
        for pattern, sign in _NORM_BARS:
            text = pattern.sub(sign, text)
        text = _NORM_END.sub(r"\\|", text) if "\\left\\|" in text else text
    return _INTERNAL_MACRO.sub("", text) if "\\@" in text else text


def _repair(text: str, repairs: tuple[Repair, ...]) -> str:
    for marks, pattern, replacement in repairs:
        if _contains_any(text, marks):
            text = pattern.sub(replacement, text)
    return text


def _contains_any(text: str, parts: tuple[str, ...]) -> bool:
    # `any` with a generator takes three times as long, for every text of a large import.
    for part in parts:  # noqa: SIM110
        if part in text:
            return True
    return False


def _decode_code_point(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if char.isprintable() else found[0]

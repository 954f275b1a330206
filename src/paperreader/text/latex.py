"""TeX to Unicode, for display: what is certain is converted, everything else stays as it stands.

Abstracts are prose with islands of TeX, often damaged on their way. So nothing is converted but mathematics between
delimiters, known commands, accents, quotes, dashes and ties; addresses are left alone; a macro nobody defines stays; a
dollar sign is a price until what follows proves to be mathematics.
"""

from __future__ import annotations

import re

from paperreader.text.characters import clean
from paperreader.text.tex.convert import Converter

_WORTH_A_LOOK = (
    "\\",
    "$",
    "~",
    "``",
    "''",
    "`",
    "--",
    "^{",
    "_{",
    "{",
    "ell_",
    "math",
    "rightarrow",
    "infty",
    "leq",
    "geq",
)

_LOST_BACKSLASH = re.compile(
    r"(?<![\\\w/.-])"
    r"(?:(?P<alphabet>math(?:cal|bb|bf|rm|frak|scr|sf))(?=\s?\{[A-Za-z0-9]{1,12}\}|\s[A-Za-z](?![A-Za-z]))"
    r"|(?P<wrapper>text(?:bf|it|tt|sc|rm|sf)|operatorname|widetilde|widehat)(?=\{[\w -]{1,80}\})"
    r"|(?P<ell>ell)(?=_(?:[0-9]|[a-z]\b|\{|infty\b))"
    r"|(?P<sign>(?:long)?(?:left)?rightarrow|leftarrow|Rightarrow|leq|geq|infty)(?![A-Za-z(.-]))"
)
"""Names that are no words of any language, where the backslash before them was lost."""

_LOST_AFTER_SCRIPT = re.compile(r"(?<=[|})\w][_^])(?=infty(?![A-Za-z]))")
_ESCAPED_CODE = re.compile(r"\\u([0-9a-fA-F]{4})(?![0-9a-fA-F])")


def readable(text: str) -> str:
    """`text` for display: TeX as Unicode where that is certain, and everything `clean` does.

    Never raises, and takes time in proportion to the text. Plain text comes back as `clean` gives it.
    """
    text = clean(text)
    if not any(sign in text for sign in _WORTH_A_LOOK):
        return text
    if "\\u" in text:
        text = _ESCAPED_CODE.sub(_from_code, text)
    text = _LOST_BACKSLASH.sub(r"\\\g<0>", text)
    text = _LOST_AFTER_SCRIPT.sub(r"\\", text)
    return clean(Converter(text).converted())


def _from_code(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if char.isprintable() else found[0]

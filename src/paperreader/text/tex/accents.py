r"""Convert accented letters of prose (`na\"{\i}ve`)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex import symbols
from paperreader.text.tex.scanner import command_name

if TYPE_CHECKING:
    from paperreader.text.tex.commands import CommandConverter, Conversion

_BRACES_ONLY = frozenset("bd")
"""Accents whose names papers more often define as a macro (`\\b` for bold)."""

_JSON_QUOTED = lazy_pattern(r'\\"[^"\\]{1,200}\\"(?![A-Za-z{\\])')
_LETTER_COMMANDS = {"\\i": "i", "\\j": "j", "\\ae": "æ", "\\o": "ø", "\\O": "Ø", "\\aa": "å", "\\ss": "ß"}

_ACCENTED = lazy_pattern(
    r"""\\ (?: (?P<mark>[`'^"~=.]) \s? | (?P<named>[uvHrckdb]) (?: \s | (?=\{) ) )
    (?: \{ (?P<in_braces>[A-Za-z]) \} | (?P<bare>[A-Za-z]) )""",
    re.VERBOSE,
)
r"""A letter with an accent, which may be under another accent (`\'{\^e}`, as in Vietnamese names)."""


def accented_letter(source: CommandConverter, name: str, after: int, end: int, depth: int) -> Conversion:
    r"""Return the letter with the accent `name`, if Unicode has it as one character, and the offset after it.

    Two kinds of damage are repaired as well: escaped quotes (`\"word\"`, `model\'s`), and Greek letters whose name was
    split into an accent and its argument (`\b{eta}` for `\beta`).
    """
    if name not in symbols.TEXT_ACCENTS:
        return None
    if name == '"' and (quoted := _JSON_QUOTED.match(source.text, after - 2, end)):
        return f'"{source.convert_prose(after, quoted.end() - 2, depth + 1)}"', quoted.end()
    inner, stop, braced = _argument(source, name, after, end)
    symbol = symbols.GREEK_AND_SIGNS.get(name + inner) or symbols.TEXT_SYMBOLS.get(name + inner)
    if braced and len(inner) > 1 and symbol:
        return symbol, stop
    if braced and not inner and name in "^~":
        return name, stop
    letter = _LETTER_COMMANDS.get(inner) or _with_inner_accent(inner)
    composed = unicodedata.normalize("NFC", letter + symbols.TEXT_ACCENTS[name])
    if stop > end or len(letter) != 1 or not letter.isalpha() or len(composed) != 1:
        return None
    genitive = name == "'" and letter == "s" and not braced and _ends_word(source.text, after, stop)
    return ("'s" if genitive else composed), stop


def _with_inner_accent(inner: str) -> str:
    """Return the letter of an argument that is an accented letter itself; any other argument is returned as it is."""
    in_braces = inner.startswith("{") and inner.endswith("}")
    found = _ACCENTED.fullmatch(inner[1:-1] if in_braces else inner)
    if not found:
        return inner
    mark = symbols.TEXT_ACCENTS[found["mark"] or found["named"]]
    return unicodedata.normalize("NFC", (found["in_braces"] or found["bare"]) + mark)


def _argument(source: CommandConverter, name: str, after: int, end: int) -> tuple[str, int, bool]:
    """Return the letter or letter command under an accent, the offset after it, and whether it is in braces."""
    text, offset = source.text, after
    while name.isalpha() and offset < end and text[offset] == " ":
        offset += 1
    if text.startswith("{", offset):
        close = source.closing_brace(offset, end)
        return text[offset + 1 : close].strip() if close else "", close + 1, bool(close)
    if name in _BRACES_ONLY or (name.isalpha() and offset == after):
        return "", offset, False
    if accented := _ACCENTED.match(text, offset, end):
        return accented[0], accented.end(), False
    if text.startswith("\\", offset):
        command = command_name(text, offset)
        stop = offset + 1 + len(command)
        while command.isalpha() and stop < end and text[stop] == " ":
            stop += 1
        return f"\\{command}", stop, False
    return text[offset : offset + 1], offset + 1, False


def _ends_word(text: str, after: int, stop: int) -> bool:
    """Whether the escaped quote is the apostrophe of a genitive, at the end of a word."""
    return text[after - 3 : after - 2].isalpha() and not text[stop : stop + 1].isalpha()

"""Make untrusted text safe to display and compare: no control or invisible characters, repaired encodings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from paperreader.lazy_pattern import lazy_pattern

MAX_COMBINING_MARKS = 4
"""Combining marks that one base character may have; no script in use stacks more."""

MAX_ZERO_WIDTH = 8
"""Consecutive characters that take no cell of their own. These include spacing vowel signs, and the vowels and finals
of decomposed Hangul syllables."""

_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Control characters except tab and newline, lone surrogates, and what Unicode calls default ignorable: bidirectional
controls, fillers, variation selectors, tags and the like. https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
"""

_HARMLESS = "\n -~\xa1-\xac\xae-\u034e\u0370-\u03ff\u2010-\u2027\u2030-\u205f\u2190-\u22ff"
"""Most characters of real texts. A pattern that excludes them first is five times as fast as the large sets below."""

_UNSAFE = lazy_pattern(f"[^{_HARMLESS}](?<=[\t\xa0\ufb00-\ufb06\U0001f3fb-\U0001f3ff{_HIDDEN}])")
"""Characters that `sanitize` removes or replaces; see `_replacement`."""

_CONTROLS = lazy_pattern(f"[^{_HARMLESS}](?<=[{_HIDDEN}])")
"""Characters that `clean_output` removes or replaces."""

_REPLACEMENTS = {
    "\t": " ",
    "\x0b": "\n",
    "\x0c": "\n",
    "\r": "\n",
    "\xa0": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    # Windows-1252 punctuation decoded as Latin-1; the C1 controls themselves do not occur in prose.
    "\x85": "…",
    "\x91": "‘",
    "\x92": "’",
    "\x93": "“",
    "\x94": "”",
    "\x95": "•",
    "\x96": "–",
    "\x97": "—",
    "\x99": "™",
}

_HANGUL_PARTS = lazy_pattern("[\u1160-\u11ff\ud7b0-\ud7fb]")

_JOINERS = "\u200c\u200d"

_CONTINUATION_1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_CONTINUATION = f"[\x80-\xbf{_CONTINUATION_1252}]"
_WORD_FOLLOWERS = "‘’“”–—…"
_MOJIBAKE = lazy_pattern(
    "[\xc2-\xf4](?:"
    f"(?<=[\xc2-\xc4\xce-\xd1]){_CONTINUATION}|(?<=\xc5)(?![–—…]){_CONTINUATION}"
    f"|(?<=[\xc6-\xcd\xd2-\xdf])(?![{_WORD_FOLLOWERS}]){_CONTINUATION}"
    f"|(?<=[\xe0-\xef])(?![–—]{{2}}){_CONTINUATION}{{2}}|(?<=[\xf0-\xf4]){_CONTINUATION}{{3}})"
)
"""The UTF-8 bytes of one character, each decoded as Windows-1252 or Latin-1. It begins with a set of characters, for
which `re` searches seven times as fast.

`CAFÉ–BAR`, `Spaß…` and `2 Å—3 Å` do not match: such words are more frequent than misread letters of those alphabets.
"""

_MAX_ROUNDS = 5
"""Passes over one text: a repair may expose more to repair, such as text that was decoded wrongly twice."""

_MANY_NON_LATIN = lazy_pattern(f"[^\x00-\u02ff](?:[^\x00-\u02ff]){{{MAX_COMBINING_MARKS}}}")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ȷ": "j",
        "ħ": "h",
        "ŧ": "t",
    }
)


def sanitize(text: str) -> str:
    """Return `text` without anything that could control a terminal or stay invisible. It may have several lines.

    Removes control characters except the newline, soft hyphens, bidirectional overrides and zero-width characters
    (except a joiner between two letters). Splits emoji into those that every terminal draws in two cells, without
    joiners and skin tones. Expands ligatures, turns Unicode line separators into newlines, limits combining marks and
    repairs UTF-8 that was decoded as Windows-1252. Never raises.
    """
    if text.isascii():
        return (
            text
            if text.replace("\n", " ").isprintable()
            else _UNSAFE.sub(_replacement, text.replace("\r\n", "\n"))
        )
    for _ in range(_MAX_ROUNDS):
        before, text = text, _sanitize_once(text)
        if text == before:
            break
    return text


def _sanitize_once(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    text = _MOJIBAKE.sub(_repair_mojibake, text)
    text = _UNSAFE.sub(_replacement, text)
    if _MANY_NON_LATIN.search(text):
        text = _cap_combining_marks(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_output(text: str) -> str:
    """Return `text` as it may be written to a terminal, a file, a mail or a clipboard.

    Everything that leaves the program passes this function last, in addition to `sanitize` for its parts: it removes
    what controls a terminal or cannot be seen, and floods of combining marks. Layout (spaces, tabs, newlines) stays,
    and so does text that `sanitize` returned. Never raises.
    """
    if text.isascii():
        if text.isprintable() or text.replace("\n", " ").replace("\t", " ").isprintable():
            return text
    elif _MANY_NON_LATIN.search(text):
        return _cap_combining_marks(_CONTROLS.sub(_replacement, text.replace("\r\n", "\n")))
    return _CONTROLS.sub(_replacement, text.replace("\r\n", "\n"))


def has_hidden_text(text: str) -> bool:
    """Return whether `text` contains what `clean_output` removes, or a joiner, which cannot be seen in a URL."""
    if text.isascii() and text.isprintable():
        return False
    return _CONTROLS.search(text) is not None or _cap_combining_marks(text) != text


def hide_unsafe(text: str, cell_width: Callable[[str], int]) -> str:
    """Return a line as an editor paints it: nothing in it can control a terminal.

    What `sanitize` removes becomes a space, or nothing if it takes no cell, so that the cursor is in its place. Other
    characters are not changed. `cell_width` returns the cells that the editor counts for a character.
    """
    if text.isascii() and text.isprintable():
        return text

    def blank(char: str) -> str:
        return " " * cell_width(char)

    def hide(found: re.Match[str]) -> str:
        char = found[0]
        is_visible = "\ufb00" <= char <= "\ufb06" or (char in _JOINERS and _replacement(found))
        return char if is_visible else blank(char)

    hidden = _UNSAFE.sub(hide, text)
    return _cap_combining_marks(hidden, blank) if _MANY_NON_LATIN.search(hidden) else hidden


def single_line(text: str) -> str:
    """Return `text`, sanitized, on one line: for file names, messages and other lines on a terminal."""
    return " ".join(sanitize(text).split())


def fold_for_search(text: str) -> str:
    """Return `text` for comparison: without accents and case, compatibility forms unified. The length may change."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", _cap_combining_marks(text))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare.casefold()).translate(_LETTERS_WITHOUT_DECOMPOSITION)


def _replacement(found: re.Match[str]) -> str:
    char = found[0]
    if char in _JOINERS:
        before, after = (
            found.string[found.start() - 1 : found.start()],
            found.string[found.end() : found.end() + 1],
        )
        return char if _is_letter(before) and _is_letter(after) else ""
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return _REPLACEMENTS.get(char, "")


def _is_letter(char: str) -> bool:
    """Whether it is a letter, or a mark on one, of a script whose letters join."""
    return char > "\u02ff" and unicodedata.category(char)[0] in "LM"


def _repair_mojibake(found: re.Match[str]) -> str:
    data = bytearray()
    for char in found[0]:
        data += char.encode("latin-1") if char <= "\xff" else char.encode("cp1252")
    try:
        repaired = data.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
    return repaired if repaired.isprintable() or repaired in "\xa0\xad" else found[0]


def _cap_combining_marks(text: str, replace: Callable[[str], str] = lambda _: "") -> str:
    """Return `text` with a limited number of consecutive marks, so that normalization, which sorts them, stays fast.

    `replace` returns what is put in place of further ones.
    """
    result: list[str] = []
    run = widthless = 0
    for char in text:
        category = unicodedata.category(char) if char > "\u02ff" else ""
        run = run + 1 if category in ("Mn", "Me") else 0
        widthless = widthless + 1 if run or category == "Mc" or _HANGUL_PARTS.match(char) else 0
        is_kept = run <= MAX_COMBINING_MARKS and widthless <= MAX_ZERO_WIDTH
        result.append(char if is_kept else replace(char))
    return "".join(result)

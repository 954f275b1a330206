"""Recognise text in an encoding with one byte per character, by the letters of languages that it would contain.

Each code page is scored by the probability of the bytes beyond ASCII in the language that fits best: how frequent a
letter is, and whether it is inside a word. Letters are ranked by their frequency in ordinary text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

MAX_SAMPLE = 20_000
"""Bytes beyond ASCII that are looked at."""


class CodePage(NamedTuple):
    """An encoding that may be recognised."""

    codec: str
    name: str
    script: str
    """Key of `_ALPHABETS`."""
    rarity: float
    """Logarithm of how many times rarer than Windows-1252 such files are."""


class Guess(NamedTuple):
    """The most probable code page of a text."""

    page: CodePage
    is_certain: bool
    """Whether no other one that yields other text is plausible."""
    log_probability: float
    """Mean logarithm of the probability of a byte beyond ASCII."""


DEFAULT = CodePage("cp1252", "Windows-1252", "western", 0)
CODE_PAGES = (
    DEFAULT,
    CodePage("cp1250", "Windows-1250", "central", 2),
    CodePage("iso8859_2", "ISO 8859-2", "central", 3),
    CodePage("mac_roman", "Mac Roman", "western", 2.5),
    CodePage("mac_latin2", "Mac Central European", "central", 5),
    CodePage("cp1254", "Windows-1254", "turkish", 3),
    CodePage("cp1257", "Windows-1257", "baltic", 3),
    CodePage("cp1251", "Windows-1251", "cyrillic", 2),
    CodePage("koi8_r", "KOI8-R", "cyrillic", 2.5),
    CodePage("koi8_u", "KOI8-U", "cyrillic", 4),
    CodePage("iso8859_5", "ISO 8859-5", "cyrillic", 5),
    CodePage("cp866", "DOS code page 866", "cyrillic", 5),
    CodePage("mac_cyrillic", "Mac Cyrillic", "cyrillic", 9),
    CodePage("cp1253", "Windows-1253", "greek", 2),
    CodePage("iso8859_7", "ISO 8859-7", "greek", 3),
    CodePage("cp1255", "Windows-1255", "hebrew", 2),
    CodePage("cp1256", "Windows-1256", "arabic", 2),
    CodePage("cp850", "DOS code page 850", "western", 5),
    CodePage("cp852", "DOS code page 852", "central", 5),
    CodePage("iso8859_15", "ISO 8859-15", "western", 5),
)

_ALPHABETS: Mapping[str, tuple[str, ...]] = {
    "western": (
        "éàèêçâîôùûëïœ",
        "üäöß",
        "óáíéñúü",
        "ãçáéóêíõúâàô",
        "àèùòìé",
        "øåæ",
        "äöå",
        "äõöü",
        "ðíáþéóæöúý",
        "’“”–‘—…é",
        "éüöáóíäñçèøãåëßïúêôàâ",
    ),
    "central": (
        "ąłęóśżćńź",
        "íáěéčřžýšůúňóťď",
        "áéíčšžýúľôťňäďóŕĺ",
        "éáőöóüíűú",
        "čšžćđ",
        "ăâîşţ",
    ),
    "turkish": ("ıüşçğöâ",),
    "baltic": ("ėšžųįūčąę", "āīēūšžčņļķģ"),
    "cyrillic": ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оаиніветкрсудлмпзяьбгчхйжшюїцєщфґ"),
    "greek": ("αοιετνσηυρκπμςλάωγίδόχθέφήβύώξζψϊΐ",),
    "hebrew": ("יוהלאתרמבשנעדחקפגםטכסזןצךףץ",),
    "arabic": ("اليمونرتبةعدسفهكقحجشصطأخضذثزءغإىظؤئآ",),
}
"""Letters beyond ASCII of languages with each script, most frequent first; the last Western ones are English, with its
punctuation, and names from many countries."""

_MARKS = "’“”–—‘…«»„"
_SIGNS = "‚•™°§©®·€£±×µ¿¡²³½¹ºª"
_MARK, _SIGN, _UNLIKELY = 0.01, 0.002, 1e-6
_CAPITAL = 0.1
"""How frequent a capital is compared with the small letter."""
_LETTER_SIDES, _MARK_SIDES = (0.03, 0.22, 0.75), (0.2, 0.75, 0.05)
"""Share of letters and of other characters with a letter on neither, one, or both sides."""
_APOSTROPHE_SIDES = (0.01, 0.29, 0.7)
_SIDES = ("none", "left", "right", "both")
_SIDE_COUNTS = {"none": 0, "left": 1, "right": 1, "both": 2}
_WRONG_SIDE = {("«", "left"): 0.08, ("»", "right"): 0.08, ("„", "left"): 0.02}
"""The same for a letter on the side of a quotation mark where it rarely is; German and Danish reverse some of them."""
_MARGIN = 3
"""Logarithm of how much more probable a code page must be to be certain."""


def guess_code_page(data: bytes) -> Guess:
    """Return the most probable code page of text that has bytes beyond ASCII."""
    found = _count_contexts(data)
    scores = {page: _score(found, page) for page in CODE_PAGES}
    best = max(CODE_PAGES, key=scores.__getitem__)
    high = bytes(sorted({byte for byte, _ in found}))
    text = high.decode(best.codec, "replace")
    rivals = (page for page in CODE_PAGES if page is not best and scores[page] > scores[best] - _MARGIN)
    certain = all(high.decode(page.codec, "replace") == text for page in rivals)
    return Guess(best, certain, scores[best] / max(found.total(), 1))


def _count_contexts(data: bytes) -> Counter[tuple[int, str]]:
    """Count the bytes beyond ASCII by themselves and by the side on which they have letters: see `_SIDES`."""
    found: Counter[tuple[int, str]] = Counter()
    padded = b" " + data + b" "
    taken = 0
    for offset, byte in enumerate(data, 1):
        if byte >= 0x80:
            sides = _is_letter(padded[offset - 1]) + 2 * _is_letter(padded[offset + 1])
            found[byte, _SIDES[sides]] += 1
            taken += 1
            if taken == MAX_SAMPLE:
                break
    return found


def _is_letter(byte: int) -> bool:
    return byte >= 0x80 or 65 <= byte <= 90 or 97 <= byte <= 122


def _score(found: Counter[tuple[int, str]], page: CodePage) -> float:
    """Return the logarithm of the probability of these bytes in the language of the script that fits best."""
    chars = {byte: bytes((byte,)).decode(page.codec, "replace") for byte, _ in found}
    return (
        max(
            sum(
                count * math.log(_probability(chars[byte], side, weights))
                for (byte, side), count in found.items()
            )
            for weights in map(_weights, _ALPHABETS[page.script])
        )
        - page.rarity
    )


def _probability(char: str, side: str, weights: Mapping[str, float]) -> float:
    sides = _SIDE_COUNTS[side]
    if char in _MARKS or char in _SIGNS:
        share = max(weights.get(char, 0), _MARK if char in _MARKS else _SIGN)
        likely = (_APOSTROPHE_SIDES if char == "’" else _MARK_SIDES)[sides]
        return share * _WRONG_SIDE.get((char, side), likely)
    if char == "\ufffd" or not char.isalpha():
        return _UNLIKELY * 0.1
    small = char.lower()
    share = weights.get(small, _UNLIKELY) * (1 if small == char else _CAPITAL)
    return share * _LETTER_SIDES[sides]


@lru_cache
def _weights(alphabet: str) -> Mapping[str, float]:
    """Return the frequency of each letter: that of rank n is proportional to 1 / (n + 2)."""
    total = sum(1 / (rank + 2) for rank in range(len(alphabet)))
    return {letter: 1 / (rank + 2) / total for rank, letter in enumerate(alphabet)}

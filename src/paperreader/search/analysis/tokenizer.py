"""Words out of display text, their stems, and where they stand: one definition for index, query and highlights."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from unicodedata import category

from paperreader.text.clean import fold_for_search

Token = tuple[str, int, int]
"""A word (accents stripped, case folded) and the span of the text it was read from."""

MAX_WORD_LENGTH = 64
"""Letters of a word that count; nothing that people type is longer, and the dictionary stays small."""


_FIRST_MARK = 0x300
_RANGES_WITHOUT_MARKS = ((0x3400, 0xA4D0), (0xAC00, 0xFB00))
"""Where no combining mark is: Han, Yi and Hangul, surrogates, what is private, and compatibility forms of Han."""

_FIRST_IDEOGRAPH = "\u3005"
_IDEOGRAPHS = (
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts written without blanks (Han, kana) or with endings glued on (Hangul)."""


def _combining_marks() -> str:
    """A character class of the combining marks, left out by the word class of `re` although they stand inside words."""
    starts, ends = zip(*_RANGES_WITHOUT_MARKS, strict=True)
    codes = [
        code
        for start, end in zip((_FIRST_MARK, *ends), (*starts, 0x10000), strict=True)
        for code in range(start, end)
        if category(chr(code))[0] == "M"
    ]
    parts: list[str] = []
    start = previous = codes[0]
    for code in [*codes[1:], sys.maxunicode]:
        if code != previous + 1:
            parts.append(f"\\u{start:04x}-\\u{previous:04x}")
            start = code
        previous = code
    return "".join(parts)


# Large classes of characters take milliseconds to compile, and most texts are ASCII: they wait until they are needed.


@cache
def _word_pattern() -> re.Pattern[str]:
    # A letter or digit, what follows, then a contraction (part of the word) or a genitive (not part of it).
    return re.compile(
        f"([^\\W_](?:[^\\W_]|[{_combining_marks()}])*(?:['’](?:[tTdDmM]|[rRvV][eE]|[lL][lL])(?![^\\W_]))?)"
        "(?:['’][sS](?![^\\W_]))?"
    )


@cache
def _ideograph_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_IDEOGRAPHS}]+")


_ASCII_WORD = re.compile(
    "([a-z0-9]+(?:'(?:[tdm]|[rv]e|ll)(?![a-z0-9]))?)(?:'s(?![a-z0-9]))?", re.ASCII | re.IGNORECASE
)
"""What `_word` finds in ASCII, in half the time."""
_ASCII_APOSTROPHE = re.compile(
    "(?<![a-z0-9])([a-z0-9]+)'([tdm]|[rv]e|ll)(?![a-z0-9])(?:'s(?![a-z0-9]))?|(?<=[a-z0-9])'s(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
"""What `_word` says of apostrophes, for ASCII."""
_ASCII_FOLDED = bytes(
    ord(char.lower()) if char.isascii() and char.isalnum() else ord(" ") for char in map(chr, range(256))
)
"""For every ASCII byte the small letter or digit that it stands for in a word, else a blank."""
_STEMMABLE = re.compile("[a-z]{3,}")


def tokenize(text: str) -> list[Token]:
    """The words of `text` in order. A token's place in the list is its position for phrases.

    A run of ideographs of length n gives n - 1 overlapping pairs, and its last character alone, so that every
    character begins a token (and can be found by itself as a prefix).
    """
    found: list[Token] = []
    for match in (_ASCII_WORD if text.isascii() else _word_pattern()).finditer(text):
        start, end = match.span(1)
        word = match[1]
        if word.isascii():
            word = word.lower()
            found.append((word.replace("'", "") if "'" in word else word, start, end))
        elif max(word) >= _FIRST_IDEOGRAPH:
            for run, place in _script_runs(word):
                if is_ideographic(run):
                    found += _ideograph_pairs(run, start + place)
                elif bare := _letters_and_digits(run):
                    found.append((bare, start + place, start + place + len(run)))
        elif bare := _letters_and_digits(word):
            found.append((bare, start, end))
    return [token if len(token[0]) <= MAX_WORD_LENGTH else _truncate(token) for token in found]


def split_words(text: str) -> list[str]:
    """The words of `text` in order, as `tokens` gives them."""
    if text.isascii():
        # Nearly every English abstract, ten times as fast: what is no letter or digit becomes a blank.
        plain = _ASCII_APOSTROPHE.sub(r"\1\2 ", text) if "'" in text else text
        found = plain.encode().translate(_ASCII_FOLDED).decode().split()
        if max(map(len, found), default=0) <= MAX_WORD_LENGTH:
            return found
    return [word for word, _, _ in tokenize(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the inflected forms of an English word share (Porter's second algorithm); other words as they are."""
    if not _STEMMABLE.fullmatch(word):
        return word
    from whoosh.lang.porter2 import stem as porter2

    return str(porter2(word)) or word


def is_ideographic(word: str) -> bool:
    """Whether the word is written in ideographs, kana or Hangul, and so cut into pairs."""
    return word[:1] >= _FIRST_IDEOGRAPH and _ideograph_pattern().match(word) is not None


@lru_cache(maxsize=20_000)
def _letters_and_digits(word: str) -> str:
    """`word` folded; what the folding turned into something else than letters and digits is dropped."""
    return "".join(char for char in fold_for_search(word) if char.isalnum())


def _script_runs(word: str) -> Iterator[tuple[str, int]]:
    """The parts of a word that are ideographic throughout or not at all, and where each begins."""
    done = 0
    for match in _ideograph_pattern().finditer(word):
        if match.start() > done:
            yield word[done : match.start()], done
        yield match[0], match.start()
        done = match.end()
    if done < len(word):
        yield word[done:], done


def _ideograph_pairs(run: str, start: int) -> list[Token]:
    characters = [
        (bare, start + place) for place, char in enumerate(run) if (bare := _letters_and_digits(char))
    ]
    pairs = [
        (first + second, place, following + 1) for (first, place), (second, following) in pairwise(characters)
    ]
    return pairs + [(bare, place, place + 1) for bare, place in characters[-1:]]


def _truncate(token: Token) -> Token:
    word, start, end = token
    return (word[:MAX_WORD_LENGTH], start, end)

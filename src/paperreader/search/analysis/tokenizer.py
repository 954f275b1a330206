"""Split display text into words with spans: shared by index, query and highlighter."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from unicodedata import category

from paperreader.text.sanitize import fold_for_search

Token = tuple[str, int, int]
"""A word (accents stripped, case folded) and its span in the text."""

MAX_WORD_LENGTH = 64
"""Longer words are truncated, which bounds the term dictionary."""

SIGNS = "+#*"
"""Signs that belong to the word before them: `C++`, `C#`, `LoRA+`, `Q*`."""

_ALL_SIGNS = SIGNS + "⁺∗⋆"
_STARS = str.maketrans("∗⋆", "**")

_LETTER_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi
omega
"""
_GREEK_NAMES = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _LETTER_NAMES.split(), strict=True))
_LONE_GREEK_LETTER = re.compile("(?<![α-ω])[α-ω](?![α-ω])")
"""A Greek letter that is a symbol (`π0`, `β`), not part of a Greek word."""

CAPITALS_MARK = "^"
"""First character of the indexed form of a word with its capitals: `^VAR`, `^MoD`. No word contains it."""

_FIRST_MARK = 0x300
_RANGES_WITHOUT_MARKS = ((0x3400, 0xA4D0), (0xAC00, 0xFB00))
"""Ranges without combining marks: Han, Yi, Hangul, surrogates, private use, and compatibility forms of Han."""

_FIRST_IDEOGRAPH = "\u3005"
_IDEOGRAPHS = (
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts written without spaces (Han, kana) or with suffixes attached to the word (Hangul)."""


def _combining_marks() -> str:
    r"""Return a character class of the combining marks, which `\w` lacks although they occur inside words."""
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


# Large character classes take milliseconds to compile, and most texts are ASCII: compile them on first use.


@cache
def _word_pattern() -> re.Pattern[str]:
    # A letter or digit and what follows, then a contraction (part of the word) or a possessive (not part of it).
    # Signs belong to it at its end only, and `#` and `*` only after a single letter.
    contraction = "['’](?:[tTdDmM]|[rRvV][eE]|[lL][lL])(?![^\\W_])"
    sign = "\\+\\+?(?![^\\W_]|[+])|⁺(?![^\\W_])|(?<![^\\W_][^\\W_])(?<!\\d)[#*∗⋆](?![^\\W_]|[#*∗⋆])"
    return re.compile(
        f"([^\\W_](?:[^\\W_]|[{_combining_marks()}])*(?:{contraction}|{sign})?)(?:['’][sS](?![^\\W_]))?"
    )


@cache
def _ideograph_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_IDEOGRAPHS}]+")


_ASCII_SIGN = r"\+\+?(?![a-z0-9+])|(?<![a-z0-9][a-z])(?<=[a-z])[#*](?![a-z0-9#*])"
_ASCII_WORD = re.compile(
    f"([a-z0-9]+(?:'(?:[tdm]|[rv]e|ll)(?![a-z0-9])|{_ASCII_SIGN})?)(?:'s(?![a-z0-9]))?",
    re.ASCII | re.IGNORECASE,
)
"""`_word_pattern` for ASCII, in half the time."""
_ASCII_SIGN_AFTER_WORD = re.compile(
    r"\+(?<=[a-z0-9].)\+?(?![a-z0-9+])|[#*](?<=[a-z].)(?<![a-z0-9][a-z].)(?![a-z0-9#*])",
    re.ASCII | re.IGNORECASE,
)
"""`_ASCII_SIGN` after a word, as a pattern that begins with the sign: it is looked for in every text."""
_ASCII_APOSTROPHE = re.compile(
    "(?<![a-z0-9])([a-z0-9]+)'([tdm]|[rv]e|ll)(?![a-z0-9])(?:'s(?![a-z0-9]))?|(?<=[a-z0-9])'s(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
"""The apostrophes of `_word_pattern`, for ASCII."""
_CAPITALS = re.compile("[A-Z](?:[a-z0-9]*[A-Z][A-Za-z0-9]*|(?<=[A-Za-z0-9].)[A-Za-z0-9]*|(?![A-Za-z0-9]))")
"""From the first capital of a word to its end, if the word has another one, begins before it, or is one letter.

A pattern for the whole word, from its first letter, takes three times as long: it is tried at every letter.
"""
_CAPITALS_WITHOUT_MEANING = ("A", "I")
_ASCII_FOLDED = bytes(
    ord(char.lower()) if char.isascii() and char.isalnum() else ord(" ") for char in map(chr, range(256))
)
"""Translation table: ASCII letters to lower case, digits unchanged, everything else to a space."""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of `text` in order. The index of a token in the list is its position for phrase queries.

    A run of n ideographs gives n - 1 overlapping pairs and the last character alone, so that every character starts a
    token (and can be found as a prefix).
    """
    found: list[Token] = []
    for match in (_ASCII_WORD if text.isascii() else _word_pattern()).finditer(text):
        start, end = match.span(1)
        word = match[1]
        if word.isascii():
            word = word.lower()
            found.append((word.replace("'", "") if "'" in word else word, start, end))
        elif max(word) >= _FIRST_IDEOGRAPH:
            for run, offset in _script_runs(word):
                if is_ideographic(run):
                    found += _ideograph_pairs(run, start + offset)
                elif folded := _folded_word(run):
                    found.append((folded, start + offset, start + offset + len(run)))
        elif folded := _folded_word(word):
            found.append((folded, start, end))
    return [token if len(token[0]) <= MAX_WORD_LENGTH else _truncate(token) for token in found]


def split_words(text: str) -> list[str]:
    """Return the words of `tokenize(text)`."""
    if text.isascii() and not _has_sign_after_word(text):
        # Fast path for nearly every English abstract (10x): map everything except letters and digits to spaces.
        plain = _ASCII_APOSTROPHE.sub(r"\1\2 ", text) if "'" in text else text
        found = plain.encode().translate(_ASCII_FOLDED).decode().split()
        if max(map(len, found), default=0) <= MAX_WORD_LENGTH:
            return found
    return [word for word, _, _ in tokenize(text)]


def capital_words(text: str) -> set[str]:
    """Return the words of `text` whose capitals mean something (`VAR`, `MoD`, `R`), each after `CAPITALS_MARK`.

    They consist of ASCII letters and digits, and have a capital after the first letter, or are a single capital.
    """
    found = set()
    for match in _CAPITALS.finditer(text):
        start, end = match.span()
        while start and text[start - 1].isalnum():
            start -= 1
        word = text[start:end]
        if word.isascii() and not text[end : end + 1].isalnum() and word not in _CAPITALS_WITHOUT_MEANING:
            found.add(CAPITALS_MARK + word[:MAX_WORD_LENGTH])
    return found


def _has_sign_after_word(ascii_text: str) -> bool:
    # Most texts contain no sign, and the pattern is slow.
    has_sign = "+" in ascii_text or "#" in ascii_text or "*" in ascii_text
    return has_sign and bool(_ASCII_SIGN_AFTER_WORD.search(ascii_text))


def is_ideographic(word: str) -> bool:
    """Whether the word consists of ideographs, kana or Hangul, which are indexed as overlapping pairs."""
    return word[:1] >= _FIRST_IDEOGRAPH and _ideograph_pattern().match(word) is not None


@lru_cache(maxsize=20_000)
def _letters_and_digits(word: str) -> str:
    """Fold `word` for search and drop everything except letters and digits."""
    return "".join(char for char in fold_for_search(word) if char.isalnum())


@lru_cache(maxsize=20_000)
def _folded_word(word: str) -> str:
    """Return the token of a word that is not ASCII: folded, Greek letters in formulas by name, with its sign."""
    bare = word.rstrip(_ALL_SIGNS)
    folded = _LONE_GREEK_LETTER.sub(lambda letter: _GREEK_NAMES[letter[0]], _letters_and_digits(bare))
    return folded + fold_for_search(word[len(bare) :].translate(_STARS)) if folded else ""


def _script_runs(word: str) -> Iterator[tuple[str, int]]:
    """Split a word into ideographic and other runs; yield each with its start."""
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
        (folded, start + offset) for offset, char in enumerate(run) if (folded := _letters_and_digits(char))
    ]
    pairs = [
        (first + second, offset, following + 1)
        for (first, offset), (second, following) in pairwise(characters)
    ]
    return pairs + [(folded, offset, offset + 1) for folded, offset in characters[-1:]]


def _truncate(token: Token) -> Token:
    word, start, end = token
    return (word[:MAX_WORD_LENGTH], start, end)

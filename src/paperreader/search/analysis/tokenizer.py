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

_SIGNS_OF_LETTERS = tuple(SIGNS)
_ALL_SIGNS = SIGNS + "⁺∗⋆"
_STARS = str.maketrans("∗⋆", "**")

_LETTER_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi
omega
"""
_GREEK_NAMES = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _LETTER_NAMES.split(), strict=True))
_LONE_GREEK_LETTER = re.compile("(?<![α-ω])[α-ω](?![α-ω])")
"""A Greek letter that is a symbol (`π0`, `β`), not part of a Greek word."""

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
_ASCII_CONTRACTION = re.compile("'(?<=[A-Za-z0-9].)(?:[tTdDmM]|[rRvV][eE]|[lL][lL])(?![A-Za-z0-9])", re.ASCII)
_ASCII_POSSESSIVE = re.compile("'(?<=[A-Za-z0-9].)[sS](?![A-Za-z0-9])", re.ASCII)
"""What `_ASCII_APOSTROPHE` matches in a text without contractions, in a tenth of the time: begins with the sign."""
_ASCII_SPACED = bytes(
    code if chr(code).isascii() and chr(code).isalnum() else ord(" ") for code in range(256)
)
"""Translation table: ASCII letters and digits unchanged, everything else to a space."""
_NOT_ASCII = re.compile("[^\x00-\x7f]")


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
    spaced = words_in_ascii(text)
    if spaced is None:
        return [word for word, _, _ in tokenize(text)]
    found = spaced.lower().split()
    return found if max(map(len, found), default=0) <= MAX_WORD_LENGTH else list(map(truncate_word, found))


def truncate_word(word: str) -> str:
    """Return a word as it is indexed."""
    return word[:MAX_WORD_LENGTH]


def words_in_ascii(text: str) -> str | None:
    """Return the words of `tokenize(text)` separated by spaces, before they are converted to lower case and truncated.

    None for a text that needs `tokenize`, which takes ten times as long.
    """
    plain = text if text.isascii() else _in_ascii(text)
    if plain is None or _has_sign_after_word(plain):
        return None
    if "'" in plain:
        if not has_contraction(plain):
            plain = _ASCII_POSSESSIVE.sub(" ", plain)
        elif plain is text:
            plain = _ASCII_APOSTROPHE.sub(_without_apostrophe, text)
        else:
            return None
    return plain.encode().translate(_ASCII_SPACED).decode()


def _without_apostrophe(found: re.Match[str]) -> str:
    # In lower case: `DON'T` is `DON` and `T` with their capitals, but one word without.
    return f"{found[1]}{found[2]} ".lower() if found[1] else " "


def _in_ascii(text: str) -> str | None:
    """Return a text with the same words in ASCII; None if there is none, or not surely."""
    has_letters = False
    for char in set(_NOT_ASCII.findall(text)):
        replacement = _ascii_separator(char)
        if replacement is None:
            return None
        if replacement:
            text = text.replace(char, replacement)
        else:
            has_letters = True
    return _with_folded_words(text) if has_letters else text


@lru_cache(maxsize=20_000)
def _ascii_separator(char: str) -> str | None:
    """Return the ASCII character that separates words as `char` does; empty for a letter or a digit.

    None for what only `tokenize` understands.
    """
    if char == "’":
        return "'"
    if char in _ALL_SIGNS or category(char)[0] == "M":
        return None
    if not char.isalnum():
        return " "
    return "" if char < _FIRST_IDEOGRAPH else None


def _with_folded_words(text: str) -> str | None:
    """Return a text, in which letters and digits are all that is not ASCII, with the tokens of these words."""
    parts: list[str] = []
    done = 0
    while match := _NOT_ASCII.search(text, done):
        start, end = match.span()
        while start > done and text[start - 1].isalnum():
            start -= 1
        while text[end : end + 1].isalnum():
            end += 1
        word = _folded_word(text[start:end])
        if not word or not word.isascii() or text[end : end + 1] in _SIGNS_OF_LETTERS:
            return None
        parts += text[done:start], word
        done = end
    return "".join(parts) + text[done:]


def has_contraction(ascii_text: str) -> bool:
    """Whether a word contains an apostrophe, which its token does not: `don't`, `DON'T`."""
    return "'" in ascii_text and _ASCII_CONTRACTION.search(ascii_text) is not None


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
    return (truncate_word(word), start, end)

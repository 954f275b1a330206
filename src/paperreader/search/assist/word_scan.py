"""Find the words of a display text that begin with a prefix, without tokenizing it for every query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, Token, tokenize

MAX_SCANNED_TEXTS = 300
"""Texts that are remembered: three pages of the list."""
_MAX_OTHER_WORDS = 30
"""Words of a text that are not ASCII. A text with more of them is tokenized."""
_SEPARATED = bytes(
    ord(chr(code).lower()) if chr(code).isascii() and (chr(code).isalnum() or code == ord("'")) else ord(" ")
    for code in range(256)
)
"""Translation table: ASCII letters in lower case, digits and apostrophes unchanged, everything else to a space."""
_NON_ASCII = re.compile("[^\x00-\x7f]")
_TWO_APOSTROPHES = re.compile("['’][A-Za-z0-9]+(?=['’])")
_APOSTROPHE = re.compile("'(?:(?<=[a-z0-9].)(?:([tdm]|[rv]e|ll)|s)(?![a-z0-9]))?")
"""An apostrophe with the end of a contraction, which belongs to the word, or of a possessive, which does not."""


class ScannedText(NamedTuple):
    """A text in which words are found by their beginning."""

    words: str
    """As long as the text, with a space before and after it: words in lower case, with two apostrophes for `'s`, and
    spaces for everything else."""
    others: tuple[Token, ...]
    """The tokens of the words that are not ASCII, which are spaces in `words`."""

    def tokens(self, prefixes: tuple[str, ...]) -> list[Token]:
        """Return the tokens that begin with one of the prefixes of ASCII letters and digits."""
        found = [token for token in self.others if token[0].startswith(prefixes)]
        words = self.words
        for prefix in prefixes:
            beginning = f" {prefix}"
            start = words.find(beginning)
            while start >= 0:
                end = words.find(" ", start + 1)
                word = words[start + 1 : end]
                if "'" in word:
                    word = word.rstrip("'")
                    found.append((word.replace("'", "")[:MAX_WORD_LENGTH], start, start + len(word)))
                else:
                    found.append((word[:MAX_WORD_LENGTH], start, end - 1))
                start = words.find(beginning, end)
        return found


@lru_cache(maxsize=MAX_SCANNED_TEXTS)
def scan(text: str) -> ScannedText | None:
    """Return the text prepared for finding words; None if it has to be tokenized."""
    others: list[Token] = []
    plain = text
    for start, end in _other_parts(text):
        others += ((word, start + first, start + last) for word, first, last in tokenize(text[start:end]))
        if len(others) > _MAX_OTHER_WORDS:
            return None
        plain = plain[:start] + " " * (end - start) + plain[end:]
    words = plain.replace("’", "'").encode("ascii", "replace").translate(_SEPARATED).decode()
    if "'" in words:
        words = _APOSTROPHE.sub(_word_end, words)
    return ScannedText(f" {words} ", tuple(others))


def _word_end(found: re.Match[str]) -> str:
    return found[0] if found[1] else "''" if found[0] == "'s" else " "


def _other_parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text between two spaces has letters or marks that are not ASCII, or a word two apostrophes."""
    places = [] if text.isascii() else [at for at, char in _non_ascii(text) if _is_in_word(char)]
    if text.count("'") + text.count("’") > 1:
        places = sorted([*places, *(found.start() for found in _TWO_APOSTROPHES.finditer(text))])
    done = 0
    for place in places:
        if place >= done:
            start, end = text.rfind(" ", done, place) + 1 or done, text.find(" ", place)
            done = len(text) if end < 0 else end
            yield start, done


def _non_ascii(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in _NON_ASCII.finditer(text))


@lru_cache(maxsize=1000)
def _is_in_word(char: str) -> bool:
    return char.isalnum() or category(char)[0] == "M"

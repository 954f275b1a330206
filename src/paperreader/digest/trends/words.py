"""Split texts into folded words, with operations on whole texts."""

from __future__ import annotations

import re
import string

from paperreader.text.sanitize import fold_for_search

BREAK = "|"
"""Between two words that are separated by more than white space."""

_WORD = re.compile(r"([^\W\d_][\w-]*[^\W_])")
_INNER_CAPITAL = re.compile(r"\w[A-Z]")
"""Marks a name (GPT, iPhone), as opposed to the start of a sentence."""

_OTHER = "\x02"
"""Instead of a token that is not in ASCII."""

_KEPT = f"{string.ascii_letters}{string.digits}-_ \n{_OTHER}"
_FOLDED_ASCII = bytes(
    ord(char.lower() if char in _KEPT else BREAK) for char in map(chr, range(256))
)  # of bytes: a table of a string takes five times as long
_AROUND_WORD = re.compile(r"[0-9_-](?:(?<![a-z0-9_-].)[0-9_-]*|(?<=[_-])[_-]*(?![a-z0-9_-]))")
"""What a word does not begin with, or not end with. It begins with a set of characters: that is faster to search."""


def split_words(text: str) -> list[str]:
    """Return the folded words of a sanitized text in order, with `BREAK` between those that are no neighbors."""
    if text.isascii():
        return _split_ascii(text)
    tokens = text.split()
    words = _split_ascii(" ".join([token if token.isascii() else _OTHER for token in tokens]))
    index = 0
    for token in tokens:
        if not token.isascii():
            index = words.index(_OTHER, index)
            words[index : index + 1] = _split_token(token)
    return words


def _split_ascii(text: str) -> list[str]:
    folded = text.encode().translate(_FOLDED_ASCII).decode()
    folded = _AROUND_WORD.sub(BREAK, folded)
    return folded.replace(BREAK, f" {BREAK} ").split()


def _split_token(token: str) -> list[str]:
    before, *parts = _WORD.split(
        token
    )  # what is before the first word; words and what is after them, in turn
    words = [BREAK] if before else []
    for spelling in parts[::2]:
        words += (fold_for_search(spelling), BREAK)
    return words if not parts or parts[-1] else words[:-1]


def find_spelling(word: str, text: str) -> str:
    """Return a folded word as it is spelled where it is first in a text, in lower case unless it is a name."""
    spelling: str = next(found for found in _WORD.findall(text) if fold_for_search(found) == word)
    return spelling if _INNER_CAPITAL.search(spelling) else spelling.lower()

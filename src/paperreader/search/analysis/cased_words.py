"""Words with capitals that mean something: `VAR` is not `var`, nor `MoD` `mod`."""

from __future__ import annotations

import re
from collections.abc import Collection

from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, has_contraction, tokenize, words_in_ascii

CAPITALS_MARK = "^"
"""First character of the indexed form of a word with its capitals: `^VAR`, `^MoD`. No word contains it."""

_CAPITALS = re.compile("[A-Z](?:[a-z0-9]*[A-Z][A-Za-z0-9]*|(?<=[A-Za-z0-9].)[A-Za-z0-9]*|(?![A-Za-z0-9]))")
"""From the first capital of a word to its end, if the word has another one, begins before it, or is one letter.

A pattern for the whole word, from its first letter, takes three times as long: it is tried at every letter.
"""
_CAPITALS_WITHOUT_MEANING = ("A", "I")


def split_cased_words(text: str) -> tuple[list[str], Collection[str]]:
    """Return the words of `tokenize(text)`, and further ones of `capital_words(text)`.

    The former, if in ASCII, may have their capitals and any length. The latter lack those that `capitals_form` returns
    for the former.
    """
    spaced = words_in_ascii(text)
    if spaced is None:
        return [word for word, _, _ in tokenize(text)], capital_words(text)
    return spaced.split(), capital_words(text) if has_contraction(text) else ()


def capitals_form(word: str) -> str:
    """Return the form of `capital_words` for a word with its capitals; empty if these have no meaning."""
    has_meaning = word[1:] != word[1:].lower() or (len(word) == 1 and word.isupper())
    if not has_meaning or word in _CAPITALS_WITHOUT_MEANING or not word.isascii():
        return ""
    return CAPITALS_MARK + word[:MAX_WORD_LENGTH] if word[0] != CAPITALS_MARK else ""


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

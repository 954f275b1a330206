"""Find the spans of a display text that match a query: every inflected form of its words, ignoring accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import MAX_WORD_LENGTH, Token, is_ideographic, tokenize
from paperreader.search.query.plan import TermGroup, TermSlot

Span = tuple[int, int]

_MAX_TEXTS = 200
"""Texts whose spans are remembered."""
_MAX_SCANS = 600
"""Texts and prefixes whose tokens are remembered: those of a page, for a query of several words."""
_MAX_STEM_CHANGE = 2
"""Final letters in which a stem may differ from its word (`possibl` of `possibility`). The first letter is always the
same, also in shorter stems (`die` of `dying`)."""
_PLAIN_PREFIX = re.compile("[a-z0-9]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_QUOTES = "'’"
_ONLY_SIGNS = re.compile("(?:['’][sS](?![a-zA-Z0-9]))?[^a-zA-Z0-9]*")
"""What may be between two adjacent words of ASCII letters: no other word."""
_WORD_AT = re.compile("[a-z0-9]+(?:['’](?:[tdm]|[rv]e|ll)(?![a-z0-9]))?")
"""A word of lower-case ASCII letters and digits, as in `tokenize`."""


class _TermForms(Struct, frozen=True):
    """The forms of one query word that match in a text."""

    slot: TermSlot
    stems: frozenset[str]

    @property
    def prefixes(self) -> set[str]:
        """Possible prefixes of a matching word: a stem starts like its word."""
        exact = {self.slot.word} if self.slot.is_prefix else set()
        return exact | {form[: max(1, len(form) - _MAX_STEM_CHANGE)] for form in self.stems}

    def matches(self, word: str) -> bool:
        return (self.slot.is_prefix and word.startswith(self.slot.word)) or stem(word) in self.stems

    def span(self, token: Token) -> Span:
        word, start, end = token
        # A single ideograph matches as the first of a pair: highlight only that one.
        single = len(word) > 1 and len(self.slot.word) == 1 and is_ideographic(self.slot.word)
        return (start, start + 1) if single else (start, end)


@dataclass(slots=True)
class Highlighter:
    """Finds the words of a query in display texts. Thread-safe."""

    forms: Sequence[tuple[TermGroup, Sequence[frozenset[str]]]]
    """The term groups to highlight, with the stems that each of their slots matches."""
    _words: list[_TermForms] = field(init=False)
    _phrases: list[tuple[_TermForms, ...]] = field(init=False)
    _prefixes: tuple[str, ...] = field(init=False)
    """Possible prefixes of all matching words."""
    _can_scan: bool = field(init=False, default=False)
    """Whether plain text can be scanned for the prefixes instead of tokenized."""
    _spans_of_text: dict[str, list[Span]] = field(init=False, default_factory=dict)
    """List and detail show the same texts."""
    _forms_of_word: dict[str, tuple[_TermForms, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        groups = [
            tuple(_TermForms(slot, stems) for slot, stems in zip(group.slots, each, strict=True))
            for group, each in self.forms
        ]
        self._words = [group[0] for group in groups if len(group) == 1]
        self._phrases = [group for group in groups if len(group) > 1]
        prefixes = set().union(*(form.prefixes for group in groups for form in group))
        self._prefixes = tuple(_shortest(prefixes))
        self._can_scan = all(_PLAIN_PREFIX.fullmatch(prefix) for prefix in self._prefixes)

    def __call__(self, text: str) -> list[Span]:
        """Return the spans of `text` to highlight, in order and without overlaps."""
        known = self._spans_of_text.get(text)
        if known is None:
            if len(self._spans_of_text) >= _MAX_TEXTS:
                self._spans_of_text.clear()
            known = self._spans_of_text[text] = self._find(text)
        return known

    def _find(self, text: str) -> list[Span]:
        scanned = self._scan(text)
        found = tokenize(text) if scanned is None else scanned
        spans = [form.span(token) for token in found for form in self._matching_forms(token[0])]
        if self._phrases and len(found) > 1:
            runs = [found] if scanned is None else _adjacent_runs(text, scanned)
            spans += [
                span for phrase in self._phrases for run in runs for span in self._phrase_spans(phrase, run)
            ]
        return _merge_spans(spans)

    def _scan(self, text: str) -> list[Token] | None:
        """Return the tokens that start with one of the prefixes; None when the text has to be tokenized.

        A page of results highlights nineteen abstracts with every keystroke, and scanning for prefixes is ten times as
        fast as tokenizing.
        """
        if not self._can_scan or not (text.isascii() or _is_plain(text)):
            return None
        lowered = text.lower()
        found: list[Token] = []
        for prefix in self._prefixes:
            tokens = _tokens_with_prefix(lowered, prefix)
            if tokens is None:
                return None
            found += tokens
        found.sort(key=_start)
        return found

    def _matching_forms(self, word: str) -> tuple[_TermForms, ...]:
        known = self._forms_of_word.get(word)
        if known is None:
            possible = self._words if word.startswith(self._prefixes) else ()
            known = self._forms_of_word[word] = tuple(form for form in possible if form.matches(word))
        return known

    @staticmethod
    def _phrase_spans(phrase: tuple[_TermForms, ...], run: Sequence[Token]) -> Iterator[Span]:
        """Yield the spans of a phrase in adjacent tokens."""
        for start in range(len(run) - len(phrase) + 1):
            if all(form.matches(run[start + at][0]) for at, form in enumerate(phrase)):
                yield run[start][1], run[start + len(phrase) - 1][2]


@lru_cache(maxsize=_MAX_SCANS)
def _tokens_with_prefix(lowered: str, prefix: str) -> Sequence[Token] | None:
    """Return the tokens of a text in lower case that start with a prefix; None when the text has to be tokenized.

    The results are remembered: while a word is typed, the others stay the same, and so do most of the texts.
    """
    found: list[Token] = []
    start = lowered.find(prefix)
    while start >= 0:
        before = lowered[start - 1] if start else " "
        if before in _QUOTES and start > 1 and lowered[start - 2].isalnum():
            return None  # possibly the end of a contraction
        if not before.isalnum() and (match := _WORD_AT.match(lowered, start)):
            word = match[0].replace("'", "").replace("’", "")
            found.append((word[:MAX_WORD_LENGTH], start, match.end()))
        start = lowered.find(prefix, start + len(prefix))
    return found


def _start(token: Token) -> int:
    return token[1]


def _adjacent_runs(text: str, found: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens in groups of those that no other word separates."""
    runs = [[found[0]]]
    for before, token in pairwise(found):
        if _ONLY_SIGNS.fullmatch(text, before[2], token[1]):
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _shortest(prefixes: Iterable[str]) -> Iterator[str]:
    """Yield the prefixes without those that start with another one, with which they are found."""
    last: str | None = None
    for prefix in sorted(prefixes):  # which puts them after that one
        if last is None or not prefix.startswith(last):
            yield prefix
            last = prefix


def _is_plain(text: str) -> bool:
    """Whether every letter and digit of the text is ASCII, and there are no combining marks."""
    return not any(
        other.isalnum() or unicodedata.category(other)[0] == "M" for other in set(_NON_ASCII.findall(text))
    )


def _merge_spans(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

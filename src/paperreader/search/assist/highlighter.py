"""Find the spans of a display text that match a query: every inflected form of its words, ignoring accents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import Token, is_ideographic, tokenize
from paperreader.search.assist.word_scan import MAX_SCANNED_TEXTS, scan
from paperreader.search.query.plan import TermGroup, TermSlot

Span = tuple[int, int]

_MAX_TEXTS = 200
"""Texts whose spans are remembered."""
_MAX_FORMS = 12
"""Query words whose tokens in texts are remembered."""
_MAX_STEM_CHANGE = 2
"""Final letters in which a stem may differ from its word (`possibl` of `possibility`). The first letter is always the
same, also in shorter stems (`die` of `dying`)."""
_PLAIN_PREFIX = re.compile("[a-z0-9]+")
_ONLY_SIGNS = re.compile(r"(?:['’][sS](?![^\W_]))?[\W_]*")
"""What may be between two adjacent words: no other word."""


class _TermForms:
    """The forms of one query word that match in a text.

    Remembers which tokens of which texts do: while a word is typed, the others stay the same, and so do most texts.
    """

    def __init__(self, slot: TermSlot, stems: frozenset[str]) -> None:
        self._slot, self._stems = slot, stems
        exact = {slot.word} if slot.is_prefix else set()
        self._prefixes = tuple(
            _shortest(exact | {form[: max(1, len(form) - _MAX_STEM_CHANGE)] for form in stems})
        )
        """Possible prefixes of a matching word: a stem starts like its word."""
        self.can_scan = all(_PLAIN_PREFIX.fullmatch(prefix) for prefix in self._prefixes)
        """Whether texts can be scanned for the prefixes instead of tokenized."""
        self._is_single = len(slot.word) == 1 and is_ideographic(slot.word)
        self._is_match: dict[str, bool] = {}
        self._tokens_of_text: dict[str, Sequence[Token]] = {}

    def matches(self, word: str) -> bool:
        """Return whether a word matches."""
        known = self._is_match.get(word)
        if known is None:
            slot = self._slot
            known = (slot.is_prefix and word.startswith(slot.word)) or stem(word) in self._stems
            self._is_match[word] = known
        return known

    def tokens(self, text: str) -> Sequence[Token]:
        """Return the tokens that match, in no particular order."""
        known = self._tokens_of_text.get(text)
        if known is None:
            if len(self._tokens_of_text) >= MAX_SCANNED_TEXTS:
                self._tokens_of_text.clear()
            known = self._tokens_of_text[text] = self._find(text)
        return known

    def _find(self, text: str) -> Sequence[Token]:
        scanned = scan(text) if self.can_scan else None
        possible = tokenize(text) if scanned is None else scanned.tokens(self._prefixes)
        return [token for token in possible if self.matches(token[0])] or ()

    def span(self, token: Token) -> Span:
        """Return what of a matching token is highlighted."""
        word, start, end = token
        # A single ideograph matches as the first of a pair: highlight only that one.
        return (start, start + 1) if self._is_single and len(word) > 1 else (start, end)


_term_forms = lru_cache(maxsize=_MAX_FORMS)(_TermForms)


@dataclass(slots=True)
class Highlighter:
    """Finds the words of a query in display texts. Thread-safe."""

    forms: Sequence[tuple[TermGroup, Sequence[frozenset[str]]]]
    """The term groups to highlight, with the stems that each of their slots matches."""
    _words: list[_TermForms] = field(init=False, compare=False)
    _phrases: list[tuple[_TermForms, ...]] = field(init=False, compare=False)
    _spans_of_text: dict[str, list[Span]] = field(init=False, default_factory=dict, compare=False)
    """List and detail show the same texts."""

    def __post_init__(self) -> None:
        groups = [
            tuple(_term_forms(slot, stems) for slot, stems in zip(group.slots, each, strict=True))
            for group, each in self.forms
        ]
        self._words = [group[0] for group in groups if len(group) == 1]
        self._phrases = [group for group in groups if len(group) > 1]

    def __call__(self, text: str) -> list[Span]:
        """Return the spans of `text` to highlight, in order and without overlaps."""
        known = self._spans_of_text.get(text)
        if known is None:
            if len(self._spans_of_text) >= _MAX_TEXTS:
                self._spans_of_text.clear()
            spans = [form.span(token) for form in self._words for token in form.tokens(text)]
            for phrase in self._phrases:
                spans += _phrase_spans(phrase, text)
            known = self._spans_of_text[text] = _merge_spans(spans)
        return known


def _phrase_spans(phrase: tuple[_TermForms, ...], text: str) -> Iterator[Span]:
    """Yield the spans of a phrase in adjacent tokens."""
    if all(form.can_scan for form in phrase):
        runs = _adjacent_runs(text, {token for form in phrase for token in form.tokens(text)})
    else:
        runs = [tokenize(text)]
    for run in runs:
        for start in range(len(run) - len(phrase) + 1):
            if all(form.matches(run[start + at][0]) for at, form in enumerate(phrase)):
                yield run[start][1], run[start + len(phrase) - 1][2]


def _start(token: Token) -> int:
    return token[1]


def _adjacent_runs(text: str, found: Iterable[Token]) -> list[list[Token]]:
    """Return the tokens in groups of those that no other word separates."""
    tokens = sorted(found, key=_start)
    runs = [tokens[:1]]
    for before, token in pairwise(tokens):
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


def _merge_spans(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

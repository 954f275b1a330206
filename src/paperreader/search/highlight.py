"""Where a display text matches a query: every form of its words, accents and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from paperreader.search.query import Slot, Unit
from paperreader.search.tokens import Token, is_ideographic, stem, tokens

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Form:
    """The forms in which one word of a query may stand in a text."""

    slot: Slot
    stems: frozenset[str]

    @property
    def heads(self) -> set[str]:
        """The letters with which a word that fits can begin: a stem begins as its word does."""
        return {form[:1] for form in (self.slot.word, *self.stems)}

    def fits(self, word: str) -> bool:
        return stem(word) in self.stems or (self.slot.open and word.startswith(self.slot.word))

    def span(self, token: Token) -> Span:
        word, start, end = token
        # A single ideograph is found as the beginning of a pair, of which it alone was asked for.
        single = len(word) > 1 and len(self.slot.word) == 1 and is_ideographic(self.slot.word)
        return (start, start + 1) if single else (start, end)


@dataclass(slots=True)
class Finder:
    """Finds the words of a query in display texts. Safe from any thread."""

    forms: Sequence[tuple[Unit, Sequence[frozenset[str]]]]
    """Each wanted unit, with the stems that each of its slots stands for."""
    _words: list[_Form] = field(init=False)
    _phrases: list[tuple[_Form, ...]] = field(init=False)
    _heads: set[str] = field(init=False)
    _known: dict[str, tuple[_Form, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        units = [
            tuple(_Form(slot, stems) for slot, stems in zip(unit.slots, each, strict=True))
            for unit, each in self.forms
        ]
        self._words = [unit[0] for unit in units if len(unit) == 1]
        self._phrases = [unit for unit in units if len(unit) > 1]
        self._heads = set().union(*(form.heads for form in self._words))

    def __call__(self, text: str) -> list[Span]:
        """The spans of `text` to light, in order, none overlapping."""
        found = tokens(text)
        likely = (token for token in found if token[0][0] in self._heads)  # most words are told by one letter
        spans = [form.span(token) for token in likely for form in self._fitting(token[0])]
        for phrase in self._phrases:
            spans += self._runs(phrase, found)
        return _joined(spans)

    def _fitting(self, word: str) -> tuple[_Form, ...]:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = tuple(form for form in self._words if form.fits(word))
        return known

    def _runs(self, phrase: tuple[_Form, ...], found: list[Token]) -> list[Span]:
        runs = []
        for place in range(len(found) - len(phrase) + 1):
            run = found[place : place + len(phrase)]
            if all(form.fits(token[0]) for form, token in zip(phrase, run, strict=True)):
                runs.append((run[0][1], run[-1][2]))
        return runs


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

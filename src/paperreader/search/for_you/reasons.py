"""Why a paper fits: its terms that add most, and the nearest of the user's papers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from paperreader.models import Paper
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import tokenize
from paperreader.search.for_you.profile import Profile
from paperreader.search.for_you.term_vectors import TermVector
from paperreader.search.index.postings import K1, TermPostings
from paperreader.text.tex_display import tex_to_unicode

MAX_WORDS = 3
"""Words of a reason."""

MIN_PART = 0.1
"""A term that adds less than this share of what the first one adds is no reason."""

MIN_IDF = 1 + math.log(5)
"""A word in more than a fifth of the papers, like *is* or *paper*, is no reason."""

_MAX_SHOWN_LENGTH = 30
_MAX_TEXT_LENGTH = 5000
"""Characters in which the spellings of the words are looked up."""


class Reason(NamedTuple):
    """Why a paper fits."""

    words: tuple[str, ...]
    """As the paper spells them."""
    nearest: int | None
    """The row of the nearest of the user's papers."""


def contributions(profile: Profile, counts: Mapping[str, int], postings: TermPostings) -> list[str]:
    """Return the stems that add most to the score of a paper and are in several papers of the profile."""
    found = []
    for term, weight in profile.terms:
        count = counts.get(term, 0)
        if count and term in profile.shared and _is_telling(term):
            idf = postings.idf(postings.document_frequency("abstract", term))
            if idf < MIN_IDF:
                continue
            found.append((weight * idf * count * (K1 + 1) / (count + K1), term))
    found.sort(key=lambda part: (-part[0], part[1]))
    return [term for added, term in found[:MAX_WORDS] if added >= MIN_PART * found[0][0]]


def spell(profile: Profile, papers: Sequence[Paper], count: int) -> tuple[str, ...]:
    """Return the first `count` terms of a profile as words of these papers, those in several papers first."""
    telling = [term for term, _ in profile.terms if _is_telling(term)]
    shared = [term for term in telling if term in profile.shared]
    return surface_words(papers, (shared or telling)[:count])


def surface_words(papers: Sequence[Paper], stems: Sequence[str]) -> tuple[str, ...]:
    """Return for each stem the word that the papers use most for it."""
    wanted = set(stems)
    spellings: dict[str, Counter[str]] = {}
    for paper in papers:
        text = tex_to_unicode(f"{paper.title}. {paper.abstract}"[:_MAX_TEXT_LENGTH])
        for word, start, end in tokenize(text):
            if (found := stem(word)) in wanted and end - start <= _MAX_SHOWN_LENGTH:
                spellings.setdefault(found, Counter())[text[start:end]] += 1
    return tuple(_preferred(spellings[each]) if each in spellings else each for each in stems)


def nearest(own: TermVector, others: Mapping[int, TermVector]) -> int | None:
    """Return the row of the most similar of other papers, by the cosine of their vectors; None if none is similar."""
    size = max((int(each.numbers.max(initial=-1)) for each in (own, *others.values())), default=-1) + 1
    dense = np.zeros(size)
    dense[own.numbers] = own.values
    found = {row: float(each.values @ dense[each.numbers]) for row, each in others.items()}
    best = max(found, key=lambda row: (found[row], -row), default=None)
    return best if best is not None and found[best] > 0 else None


def _preferred(spellings: Counter[str]) -> str:
    """Return the most frequent spelling; of equal ones, one in lower case, then the shortest."""
    return min(spellings, key=lambda word: (-spellings[word], not word.islower(), len(word), word))


def _is_telling(term: str) -> bool:
    return not term.isdigit() and (len(term) > 1 or not term.isascii())

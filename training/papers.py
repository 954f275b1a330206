"""Papers as stems, split into title and sentences, and the vocabulary that is trained."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.text.tex_display import tex_to_unicode

MIN_PAPERS = 3
"""A stem is trained if at least this many papers contain it."""
MIN_KNOWN_STEMS = 20
"""A shorter abstract has no parts to compare."""
MAX_STEM_LENGTH = 30
MAX_DIGITS = 4
"""Longer numbers are ids and measurements."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")

Stems = NDArray[np.int32]
"""Numbers of stems in a vocabulary."""


@dataclass(frozen=True)
class Vocabulary:
    """What is trained."""

    stems: list[str]
    words: list[str]
    """The most frequent word of each stem."""
    papers: NDArray[np.int64]
    """Number of papers that contain each stem; 0 for stems of general words only."""


@dataclass(frozen=True)
class TrainingPaper:
    """A paper as numbers of stems."""

    title: Stems
    sentences: list[Stems]

    @property
    def stems(self) -> Stems:
        """Return the stems of title and abstract."""
        return np.concatenate([self.title, *self.sentences])


def read_texts(path: Path, *, hold_out: int, hold_out_ids: frozenset[str], seed: int) -> Iterator[list[str]]:
    """Yield title and sentences of the papers in a JSON Lines file of arXiv metadata, without those held out.

    Args:
        path: the file, which may be compressed (`.xz`).
        hold_out: how many papers are left out at random.
        hold_out_ids: ids of others that are left out.
        seed: of the choice.
    """
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as file:
        papers = [json.loads(line) for line in file]
    left_out = set(random.Random(seed).sample(range(len(papers)), hold_out))
    for number, paper in enumerate(papers):
        if number not in left_out and paper["id"] not in hold_out_ids:
            title, abstract = (tex_to_unicode(paper[key] or "").strip() for key in ("title", "abstract"))
            yield [title, *_SENTENCE_END.split(abstract)]


def build(texts: Iterable[list[str]], general_words: Iterable[str]) -> tuple[list[TrainingPaper], Vocabulary]:
    """Return the papers, and a vocabulary of their stems and those of general words, the most frequent first."""
    known: dict[str, str] = {}
    words_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    papers_with: Counter[str] = Counter()
    papers = []
    for parts in texts:
        stems = []
        for part in parts:
            words = split_words(part)
            stems.append([known.setdefault(word, "") or _remember(known, word) for word in words])
            for word, its_stem in zip(words, stems[-1], strict=True):
                words_of[its_stem][word] += 1
        papers_with.update({each for part in stems for each in part})
        papers.append(stems)
    chosen = [each for each, count in papers_with.most_common() if count >= MIN_PAPERS and _is_word(each)]
    words = [words_of[each].most_common(1)[0][0] for each in chosen]
    seen = set(chosen)
    for word in general_words:
        if (its_stem := stem(word)) not in seen:
            seen.add(its_stem)
            chosen.append(its_stem)
            words.append(word)
    number = {each: place for place, each in enumerate(chosen)}
    numbered = [
        [np.array([number[each] for each in part if each in number], np.int32) for part in stems]
        for stems in papers
    ]
    found = [TrainingPaper(title, sentences) for title, *sentences in numbered]
    usable = [each for each in found if len(each.title) and sum(map(len, each.sentences)) > MIN_KNOWN_STEMS]
    return usable, Vocabulary(chosen, words, np.array([papers_with[each] for each in chosen]))


def _remember(known: dict[str, str], word: str) -> str:
    known[word] = stem(word)
    return known[word]


def _is_word(its_stem: str) -> bool:
    return len(its_stem) <= MAX_STEM_LENGTH and not (its_stem.isdigit() and len(its_stem) > MAX_DIGITS)

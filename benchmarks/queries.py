"""Generate queries from words of the papers: rare and common words, phrases, and queries typed letter by letter."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

import corpus

from paperreader.models import Paper


class QueryGenerator:
    """Generates random queries, with a fixed seed, from words of the papers."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._random = random.Random(corpus.SEED)
        self._texts = [re.findall("[a-z]+", f"{paper.title} {paper.abstract}".lower()) for paper in papers]
        counts = Counter(word for text in self._texts for word in set(text))
        share = {word: count / len(papers) for word, count in counts.items() if len(word) > 3}
        self._rare = sorted(word for word in share if 2 <= counts[word] <= 5)
        self._common = sorted(share, key=lambda word: (-share[word], word))[10:110]

    def rare_word(self) -> str:
        return self._random.choice(self._rare) + " "

    def common_word(self) -> str:
        return self._random.choice(self._common) + " "

    def several_words(self, count: int) -> str:
        text = [word for word in self._random_text() if len(word) > 3]
        return " ".join(self._random.sample(text, min(count, len(text))))

    def phrase(self) -> str:
        text, length = self._random_text(), self._random.choice((2, 2, 3))
        start = self._random.randrange(max(len(text) - length, 1))
        return " ".join(text[start : start + length])

    def prefix(self, length: int) -> str:
        return self._random.choice([word for word in self._random_text() if len(word) >= length] or ["a"])[
            :length
        ]

    def typed_letters(self) -> list[str]:
        query = self.several_words(self._random.choice((2, 3, 4)))
        return [query[:end] for end in range(1, len(query) + 1)]

    def _random_text(self) -> list[str]:
        return self._random.choice([text for text in self._random.choices(self._texts, k=9) if len(text) > 9])

"""Suggest a corrected query ("did you mean") when a query has hardly any matches."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from paperreader.search.analysis.fuzzy import MIN_FUZZY_LENGTH, FuzzyMatcher, WordSource
from paperreader.search.analysis.tokenizer import is_ideographic, tokenize
from paperreader.search.assist.name_correction import (
    FIRST_LETTER_FACTOR,
    AuthorNames,
    QueryWord,
    correct_given_name,
    correct_people,
    similar_names,
)
from paperreader.search.query.plan import QueryPlan
from paperreader.text.query import And, Or, QueryNode, TextTerm
from paperreader.text.query.fields import FULL_TEXT

MAX_MATCHES_TO_CORRECT = 3
"""With fewer full matches than this, a correction is tried."""

FREQUENCY_RATIO = 50
"""A similar word must be this many times as frequent as the typed one: papers contain misprints, too."""

MAX_MISPRINTS = 3
"""A word that more papers have in their texts is no misspelt name."""

MAX_WORDS_CHECKED = 5
"""Maximum words of a query that are looked up."""

MAX_QUERY_TEXTS = 12
"""Longer queries are not corrected: they were pasted."""

_NEGATING_PREFIXES = ("un", "in", "im", "ir", "non", "dis")
"""Prefixes that negate a word: never suggested as a correction."""

_TEXT_FIELDS = ("", "title", "abstract", FULL_TEXT)
"""Fields whose words come from the papers' texts."""

_NAME_FIELDS = ("", "author")
"""Fields whose words come from the names of authors."""

_Candidates = list[tuple[str, int, int]]
"""Similar words with their distance and frequency."""


class _Word(Struct, frozen=True):
    """A word of the query."""

    word: str
    """Folded."""
    field: str
    start: int
    end: int
    """Where it is in the query."""
    unfinished: bool


class QueryCorrector:
    """Corrects queries.

    Args:
        vocabulary: words of the papers.
        fuzzy: fuzzy matching over `vocabulary`.
        authors: the authors; None if they are not known.
        paper_count: number of papers in the catalog.
        full_texts: words of the full texts, and fuzzy matching over them; None if the query does not search there.
    """

    def __init__(
        self,
        vocabulary: WordSource,
        fuzzy: FuzzyMatcher,
        authors: AuthorNames | None,
        paper_count: int,
        full_texts: tuple[WordSource, FuzzyMatcher] | None = None,
    ) -> None:
        self._sources = {"": (vocabulary, fuzzy), FULL_TEXT: full_texts or (vocabulary, fuzzy)}
        """Words and fuzzy matching by field; those of the papers for all others."""
        self._authors, self._paper_count = authors, paper_count

    def correct(self, plan: QueryPlan) -> str:
        """Return the query with misspelt words replaced and all else unchanged; empty if no word is misspelt.

        Names of authors are never replaced. A word is corrected to a name, rather than to a more frequent word of the
        texts, if that makes it and a word next to it the name of an author.
        """
        words = list(_words(plan))
        described = [self._describe(each) for each in words]
        unknown = self._unknown(words, described)
        names: dict[int, _Candidates] = {}
        replaced: dict[int, str] = {}
        if self._authors is not None:
            names = {
                at: similar_names(words[at].word, self._authors)
                for at in unknown
                if words[at].field in _NAME_FIELDS and self._may_be_name(at, words, described, unknown)
            }
            finished = [not each.unfinished for each in words]
            replaced = correct_people(described, names, self._authors) or correct_given_name(
                described, self._authors, is_finished=finished
            )
        text, parts, copied = plan.query.text, [], 0
        for at, word in enumerate(words):
            best = replaced.get(at)
            if best is None and at in unknown:
                best = self._likeliest(word, described[at].frequency, names.get(at, []))
            if best:
                parts += [text[copied : word.start], _match_case(best, text[word.start : word.end])]
                copied = word.end
        return "".join([*parts, text[copied:]]) if parts else ""

    def _unknown(self, words: list[_Word], described: list[QueryWord]) -> set[int]:
        """Return the numbers of the words that may be misspelt."""
        looked_up: dict[str, None] = {}
        found = set()
        for at, word in enumerate(words):
            is_candidate = _may_be_misspelt(word) and not described[at].is_name
            if is_candidate and (word.word in looked_up or len(looked_up) < MAX_WORDS_CHECKED):
                looked_up[word.word] = None
                if described[at].frequency * FREQUENCY_RATIO < self._paper_count:
                    found.add(at)
        return found

    def _is_name(self, word: _Word) -> bool:
        """Return whether a word is the name of an author, or may become one."""
        if self._authors is None or word.field not in _NAME_FIELDS:
            return False
        names = self._authors.vocabulary
        if names.frequency(word.word):
            return True
        return word.unfinished and len(word.word) > MIN_FUZZY_LENGTH and any(names.with_prefix(word.word))

    def _may_be_name(
        self, at: int, words: list[_Word], described: list[QueryWord], unknown: set[int]
    ) -> bool:
        """Return whether a name is a likely correction: no word of a text is, or a name may be next to it."""
        if described[at].frequency > MAX_MISPRINTS:
            return False
        neighbors = [other for other in (at - 1, at + 1) if 0 <= other < len(words)]
        if any(described[other].is_name or other in unknown for other in neighbors):
            return True
        return not self._likeliest(words[at], described[at].frequency, [])

    def _describe(self, word: _Word) -> QueryWord:
        """Count the papers with a word in their texts; of one that is being typed, with its completion."""
        is_name = self._is_name(word)
        vocabulary, _ = self._source(word)
        frequency = vocabulary.frequency(word.word) if word.field in _TEXT_FIELDS else 0
        if word.unfinished and word.field in _TEXT_FIELDS and _may_be_misspelt(word) and not is_name:
            completions = (count for _, count in vocabulary.with_prefix(word.word))
            frequency = max([frequency, *completions])
        return QueryWord(word.word, word.field, is_name, frequency)

    def _source(self, word: _Word) -> tuple[WordSource, FuzzyMatcher]:
        return self._sources.get(word.field, self._sources[""])

    def _likeliest(self, word: _Word, frequency: int, names: _Candidates) -> str:
        """Return the more likely spelling; empty when the word is plausible."""
        texts = self._source(word)[1].ranked_matches(word.word) if word.field in _TEXT_FIELDS else []
        # Exclude two edits when one of them changes the first letter.
        candidates = [
            each
            for each in (*texts, *names)
            if not _is_negation(each[0], word.word) and (each[1] == 1 or each[0][0] == word.word[0])
        ]
        if not candidates:
            return ""
        # Each edit must be outweighed by `FREQUENCY_RATIO`.
        best, _, count = max(
            candidates,
            key=lambda one: (
                one[2]
                / FREQUENCY_RATIO ** one[1]
                / (1 if one[0][0] == word.word[0] else FIRST_LETTER_FACTOR),
                one[0],
            ),
        )
        return best if count > frequency * FREQUENCY_RATIO else ""


def _words(plan: QueryPlan) -> Iterator[_Word]:
    """Yield the words that may be corrected, in order and without overlaps. Names of unknown fields are none."""
    unknown = [part for part in plan.query.spans if part.role == "unknown"]
    texts = [
        item
        for item in _texts(plan.query.nodes)
        if not any(part.start <= item.start < part.end for part in unknown)
    ]
    end_of_last = 0
    for item in texts if len(texts) <= MAX_QUERY_TEXTS else ():
        for word, start, end in tokenize(item.text):
            if item.start + start >= end_of_last:
                unfinished = item.unfinished and end == len(item.text)
                end_of_last = item.start + end
                yield _Word(word, item.field, item.start + start, end_of_last, unfinished)


def _texts(items: tuple[QueryNode, ...]) -> Iterator[TextTerm]:
    """Yield the texts to correct, in order: not negated, no wildcard, not fuzzy."""
    for item in items:
        if isinstance(item, TextTerm):
            if item.field in (*_TEXT_FIELDS, *_NAME_FIELDS) and not (item.prefix or item.fuzzy):
                yield item
        elif isinstance(item, And | Or):
            yield from _texts(item.nodes)


def _may_be_misspelt(word: _Word) -> bool:
    is_plain = not (is_ideographic(word.word) or any(char.isdigit() for char in word.word))
    return len(word.word) >= MIN_FUZZY_LENGTH and is_plain


def _is_negation(one: str, other: str) -> bool:
    return any(one == start + other or other == start + one for start in _NEGATING_PREFIXES)


def _match_case(word: str, typed: str) -> str:
    """Give `word` the capitalization of `typed`."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word

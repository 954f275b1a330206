"""Suggest a corrected query ("did you mean") when a query has hardly any matches."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.search.analysis.fuzzy import MIN_FUZZY_LENGTH, FuzzyMatcher, WordSource
from paperreader.search.analysis.tokenizer import is_ideographic, tokenize
from paperreader.search.query.plan import QueryPlan
from paperreader.text.query import And, Or, QueryNode, TextTerm

MAX_MATCHES_TO_CORRECT = 3
"""With fewer full matches than this, a correction is tried."""

FREQUENCY_RATIO = 50
"""A similar word must be this many times as frequent as the typed one: papers contain misprints, too."""

MAX_WORDS_CHECKED = 5
"""Maximum words of a query that are looked up."""

MAX_QUERY_TEXTS = 12
"""Longer queries are not corrected: they were pasted."""

_NEGATING_PREFIXES = ("un", "in", "im", "ir", "non", "dis")
"""Prefixes that negate a word: never suggested as a correction."""

_CORRECTED_FIELDS = ("", "title", "abstract")
"""Fields whose words come from the papers' texts."""


def correct_query(
    plan: QueryPlan, vocabulary: WordSource, names: WordSource, fuzzy: FuzzyMatcher, paper_count: int
) -> str:
    """Return the query with misspelt words replaced and everything else unchanged; empty if no word is misspelt.

    Args:
        plan: the query.
        vocabulary: words of the papers.
        names: words of the names of authors, which are never corrected.
        fuzzy: fuzzy matching over `vocabulary`.
        paper_count: number of papers in the catalog.
    """
    text = plan.query.text
    parts: list[str] = []
    copied = 0
    looked_up: dict[str, str] = {}
    unknown = [part for part in plan.query.spans if part.role == "unknown"]
    # Names of unknown fields are not search words.
    texts = [
        item
        for item in _texts(plan.query.nodes)
        if not any(part.start <= item.start < part.end for part in unknown)
    ]
    for item in texts if len(texts) <= MAX_QUERY_TEXTS else ():
        for word, start, end in tokenize(item.text):
            if item.start + start < copied:
                continue
            unfinished = item.unfinished and end == len(item.text)
            if not item.field and _is_name(word, names, unfinished=unfinished):
                continue
            if word not in looked_up:
                if len(looked_up) == MAX_WORDS_CHECKED:
                    continue
                looked_up[word] = _correction(word, vocabulary, fuzzy, paper_count, unfinished=unfinished)
            if best := looked_up[word]:
                parts += [text[copied : item.start + start], _match_case(best, item.text[start:end])]
                copied = item.start + end
    return "".join([*parts, text[copied:]]) if parts else ""


def _is_name(word: str, names: WordSource, *, unfinished: bool) -> bool:
    """Return whether a word is the name of an author, or may become one."""
    if names.frequency(word):
        return True
    return unfinished and len(word) > MIN_FUZZY_LENGTH and any(names.with_prefix(word))


def _texts(items: tuple[QueryNode, ...]) -> Iterator[TextTerm]:
    """Yield the texts to correct, in order: not negated, no wildcard, not fuzzy."""
    for item in items:
        if isinstance(item, TextTerm):
            if item.field in _CORRECTED_FIELDS and not (item.prefix or item.fuzzy):
                yield item
        elif isinstance(item, And | Or):
            yield from _texts(item.nodes)


def _correction(
    word: str, vocabulary: WordSource, fuzzy: FuzzyMatcher, paper_count: int, *, unfinished: bool
) -> str:
    """Return the more likely spelling; empty when the word is plausible."""
    if len(word) < MIN_FUZZY_LENGTH or is_ideographic(word) or any(char.isdigit() for char in word):
        return ""
    own_frequency = vocabulary.frequency(word)
    if unfinished:
        own_frequency = max([own_frequency, *(count for _, count in vocabulary.with_prefix(word))])
    # Exclude two edits when one of them changes the first letter.
    candidates = [
        each
        for each in (fuzzy.ranked_matches(word) if own_frequency * FREQUENCY_RATIO < paper_count else ())
        if not _is_negation(each[0], word) and (each[1] == 1 or each[0][0] == word[0])
    ]
    if not candidates:
        return ""
    # Each edit must be outweighed by `FREQUENCY_RATIO`, a different first letter by another factor of 4.
    best, _, frequency = max(
        candidates,
        key=lambda one: (one[2] / FREQUENCY_RATIO ** one[1] / (1 if one[0][0] == word[0] else 4), one[0]),
    )
    return best if frequency > own_frequency * FREQUENCY_RATIO else ""


def _is_negation(one: str, other: str) -> bool:
    return any(one == start + other or other == start + one for start in _NEGATING_PREFIXES)


def _match_case(word: str, typed: str) -> str:
    """Give `word` the capitalization of `typed`."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word

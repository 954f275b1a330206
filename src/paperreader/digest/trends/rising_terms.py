"""Find terms that occur in more papers of one period than another period suggests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

MIN_PAPERS = 3
"""Papers that must contain a term."""

MIN_SCORE = 1.96
"""In standard deviations: 39 of 40 terms without a trend stay below."""

MIN_GROWTH = 1.5
"""Minimum ratio of a term's share now to its share before. Words that occur in every abstract never reach it."""

PRIOR_PAPERS = 20.0
"""Weight of the prior, in papers. A larger one lowers the scores of rare terms."""


class RisingTerm(NamedTuple):
    """A term that is used more than before."""

    term: str
    papers: int
    """In the current period."""
    before: int
    """In the earlier period."""
    score: float
    """Difference from the expected share, in standard deviations."""


def rising_terms(
    now: Mapping[str, int], before: Mapping[str, int], papers_now: int, papers_before: int
) -> list[RisingTerm]:
    """Return the rising terms, highest score first.

    The score is the log-odds ratio with an informative Dirichlet prior, divided by its standard deviation (Monroe,
    Colaresi and Quinn, "Fightin' Words", Political Analysis 16(4), 2008, section 3.5). It counts papers instead of
    occurrences, and its prior is the share of all papers that contain the term.

    Args:
        now: number of papers that contain each term, in the current period.
        before: the same for the earlier period; missing terms count as 0.
        papers_now: total number of papers in the current period.
        papers_before: the same for the earlier period. Without any there is nothing to compare, and the result is
            empty.
    """
    if not papers_before:
        return []
    rising: list[RisingTerm] = []
    for term, count_now in now.items():
        count_before = before.get(term, 0)
        if count_now < MIN_PAPERS or count_now * papers_before < MIN_GROWTH * count_before * papers_now:
            continue
        score = _score(count_now, count_before, papers_now, papers_before)
        if score >= MIN_SCORE:
            rising.append(RisingTerm(term, count_now, count_before, score))
    return sorted(rising, key=lambda term: (-term.score, -term.papers, term.term))


def _score(count_now: int, count_before: int, papers_now: int, papers_before: int) -> float:
    prior = PRIOR_PAPERS * (count_now + count_before) / (papers_now + papers_before)
    ratio = _log_odds(count_now, papers_now, prior) - _log_odds(count_before, papers_before, prior)
    return ratio / math.sqrt(1 / (count_now + prior) + 1 / (count_before + prior))


def _log_odds(papers: int, total: int, prior: float) -> float:
    # A term in every paper of both periods would have unbounded odds.
    return math.log((papers + prior) / max(total + PRIOR_PAPERS - papers - prior, 0.5))

"""Which terms are on the rise: in more papers of one time than those of another lead to expect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

MIN_PAPERS = 3
"""Papers that a term has to be in."""

MIN_SCORE = 1.96
"""Standard deviations above what chance would do in 39 of 40 cases."""

MIN_GROWTH = 1.5
"""How many times its former share a term has to have: words of every abstract never have."""

PRIOR_PAPERS = 20.0
"""Papers that the prior is worth: the more, the less a term of few papers may surprise."""


class RisingTerm(NamedTuple):
    """A term on the rise."""

    term: str
    papers: int
    """In the time looked at."""
    before: int
    """In the time before."""
    score: float
    """How far from chance, in standard deviations."""


def rising_terms(
    now: Mapping[str, int], before: Mapping[str, int], papers_now: int, papers_before: int
) -> list[RisingTerm]:
    """The terms on the rise, the most surprising first.

    The score is the log-odds ratio with an informative Dirichlet prior, over its standard deviation (Monroe,
    Colaresi and Quinn, "Fightin' Words", Political Analysis 16(4), 2008, section 3.5), counted in papers instead of
    occurrences; the prior is the share of all papers that have the term.

    Args:
        now: in how many papers of the time looked at each term is.
        before: the same for the time before; terms missing there are in none.
        papers_now: how many papers there are in the time looked at.
        papers_before: and in the time before. Without any there is nothing to compare with, and the list is empty.
    """
    if not papers_before:
        return []
    found: list[RisingTerm] = []
    for term, here in now.items():
        there = before.get(term, 0)
        if here < MIN_PAPERS or here * papers_before < MIN_GROWTH * there * papers_now:
            continue
        score = _score(here, there, papers_now, papers_before)
        if score >= MIN_SCORE:
            found.append(RisingTerm(term, here, there, score))
    return sorted(found, key=lambda each: (-each.score, -each.papers, each.term))


def _score(here: int, there: int, papers_now: int, papers_before: int) -> float:
    prior = PRIOR_PAPERS * (here + there) / (papers_now + papers_before)
    ratio = _log_odds(here, papers_now, prior) - _log_odds(there, papers_before, prior)
    return ratio / math.sqrt(1 / (here + prior) + 1 / (there + prior))


def _log_odds(papers: int, total: int, prior: float) -> float:
    # In every paper, and a prior of every paper: the odds would be without bounds.
    return math.log((papers + prior) / max(total + PRIOR_PAPERS - papers - prior, 0.5))

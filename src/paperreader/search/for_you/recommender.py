"""Scores of all papers for what a user likes and dislikes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.errors import StorageError
from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.analysis.paper_stems import count_stems
from paperreader.search.for_you.meaning import MEANING_WEIGHT, cosines_of_both, nearest_in_meaning
from paperreader.search.for_you.profile import NO_PROFILE, Profile, build_profile
from paperreader.search.for_you.reasons import Reason, contributions, nearest, surface_words
from paperreader.search.for_you.scoring import (
    DISLIKED_WEIGHT,
    Scores,
    add_scores,
    fitted,
    standardize,
    standardize_known,
)
from paperreader.search.for_you.stem_store import StemStore
from paperreader.search.for_you.term_vectors import TermVector, TermWeights
from paperreader.search.index.postings import PostingsReader
from paperreader.search.query.paper_vectors import PaperVectors

MAX_RESULTS = 2
"""Scores that are kept: those of all bookmarks, and of one tag."""

TERMS_AT_ONCE = 20
"""Terms that are scored before a search may use the index in between: some milliseconds."""

_PAPERS_AT_ONCE = 10
"""Papers whose vectors are computed before a search may use the index in between: some milliseconds."""


class Taste(NamedTuple):
    """The papers from which is learned, as rows in ascending order."""

    liked: tuple[int, ...]
    disliked: tuple[int, ...] = ()


class OpenIndex(Protocol):
    """An index that is open, and may be used until it is given back."""

    @property
    def postings(self) -> PostingsReader: ...

    @property
    def vectors(self) -> PaperVectors: ...


OpenIndexes = Callable[[PaperTable], AbstractContextManager[OpenIndex]]
"""Opens the current index. The same state of it is the same object.

Raises:
    StorageError: there is no usable index of that table.
"""


class PersonalScores(Struct, frozen=True, eq=False):
    """How well each paper fits."""

    taste: Taste
    values: Scores
    """By row, about 0 for the average paper; minus infinity for rows without a paper."""
    profile: Profile
    against: Profile
    """What the disliked papers have more of than the library and the liked ones."""


class _Result(NamedTuple):
    version: CatalogVersion
    postings: PostingsReader
    scores: PersonalScores


class Recommender:
    """Scores papers by the closed-form profile. Vectors of the user's papers are kept, so that one more paper costs
    little. Not thread-safe.

    Args:
        open_index: opens the index.
        stems: counts the stems of papers.
    """

    def __init__(self, open_index: OpenIndexes, stems: StemStore) -> None:
        self._open_index, self._stems = open_index, stems
        self._postings: PostingsReader | None = None
        self._version: CatalogVersion | None = None
        self._weights = TermWeights(0)
        self._vectors: dict[int, TermVector] = {}
        """Of the user's papers by row, in the state of `_postings` and `_version`."""
        self._results: dict[Taste, _Result] = {}

    def score(self, taste: Taste, table: PaperTable, *, pause_seconds: float = 0.0) -> PersonalScores:
        """Return the scores of all papers of a table.

        Args:
            taste: rows of the table.
            table: the catalog.
            pause_seconds: how long to wait after some milliseconds of work, for other threads.

        Raises:
            StorageError: there is no usable index of that table.
        """
        if (known := self._known_result(taste, table)) is not None:
            return known
        rows = (*taste.liked, *taste.disliked)
        self._count_stems(rows, table, pause_seconds)
        self._compute_vectors(rows, table, pause_seconds)
        newest = np.asarray(table.newest, np.int64)
        while True:
            with self._open_index(table) as index:
                postings = index.postings
                self._use(postings, table)
                liked, disliked = (self._vectors_of(rows, table) for rows in taste)
                profile = build_profile(liked, self._weights)
                against = build_profile(disliked, self._weights, without=liked)
                near = cosines_of_both(index.vectors, taste.liked, taste.disliked)
            live = np.zeros(max(postings.row_count, int(newest.max(initial=-1)) + 1), np.bool_)
            live[newest] = True
            scores = self._combined((profile, against), near, live, postings, table, pause_seconds)
            if scores is not None:
                break
        self._stems.save()
        scores[~live] = -np.inf
        result = PersonalScores(taste, scores, profile, against)
        self._results[taste] = _Result(table.version, postings, result)
        for oldest in tuple(self._results)[:-MAX_RESULTS]:
            del self._results[oldest]
        return result

    def explain(self, scores: PersonalScores, row: int, table: PaperTable) -> Reason:
        """Return why a paper of the table fits: from the current state of the index, which may be a later one.

        Raises:
            StorageError: the line of the paper is damaged, or there is no usable index of that table.
        """
        paper = table.paper(row)
        counts = count_stems(paper)
        with self._open_index(table) as index:
            self._use(index.postings, table)
            own = self._weights.vector(counts, index.postings)
            terms = contributions(scores.profile, counts, index.postings)
            others = [other for other in scores.taste.liked if other != row]
            best = nearest_in_meaning(index.vectors, row, others)
            if best is None:
                liked = {other: vector for other in others if (vector := self._vector(other, table))}
                best = nearest(own, liked)
        return Reason(surface_words([paper], terms), best)

    def forget(self) -> None:
        """Remove everything that was derived, also the file.

        Raises:
            StorageError: the file cannot be removed.
        """
        self._results, self._vectors = {}, {}
        self._stems.forget()

    def _known_result(self, taste: Taste, table: PaperTable) -> PersonalScores | None:
        result = self._results.get(taste)
        if result is None or result.version != table.version:
            return None
        with self._open_index(table) as index:
            return result.scores if index.postings is result.postings else None

    def _combined(
        self,
        profiles: tuple[Profile, Profile],
        near: tuple[Scores | None, Scores | None],
        live: NDArray[np.bool_],
        postings: PostingsReader,
        table: PaperTable,
        pause_seconds: float,
    ) -> Scores | None:
        """Return the scores from what the liked and the disliked papers have; None if the index changed meanwhile.

        Args:
            profiles: of both.
            near: cosines of the rows with both, as far as there are vectors.
            live: mask of the rows with a paper.
            postings: the state of the index of these.
            table: the catalog.
            pause_seconds: how long to wait now and then, for a search that waits for the index.
        """
        total = np.zeros(len(live), np.float32)
        for each, cosines, weight in zip(profiles, near, (1.0, -DISLIKED_WEIGHT), strict=True):
            if each is NO_PROFILE:
                continue
            scores = np.zeros(len(live), np.float32)
            for start in range(0, len(each.terms), TERMS_AT_ONCE):
                with self._open_index(table) as index:
                    if index.postings is not postings:
                        return None
                    add_scores(scores, each.terms[start : start + TERMS_AT_ONCE], postings)
                time.sleep(pause_seconds)
            similar = standardize(scores, live)
            if cosines is not None:
                similar += np.float32(MEANING_WEIGHT) * standardize_known(fitted(cosines, len(live)), live)
            # A paper that is unlike the disliked ones is no better for that.
            total += np.float32(weight) * (similar if weight > 0 else np.maximum(similar, 0))
        return total

    def _count_stems(self, rows: Iterable[int], table: PaperTable, pause_seconds: float) -> None:
        """Count stems that are not known yet, without holding the index."""
        for row in rows:
            if row not in self._vectors or table.version != self._version:
                try:
                    paper = table.paper(row)
                except StorageError:
                    continue  # a damaged line, which `check` reports
                if not self._stems.knows(paper):
                    time.sleep(pause_seconds)
                self._stems.counts(paper)

    def _compute_vectors(self, rows: Sequence[int], table: PaperTable, pause_seconds: float) -> None:
        """Compute vectors that are not known yet in steps, between which a search can have the index."""
        with self._open_index(table) as index:
            self._use(index.postings, table)
        missing = [row for row in rows if row not in self._vectors]
        for start in range(0, len(missing), _PAPERS_AT_ONCE):
            time.sleep(pause_seconds)
            with self._open_index(table) as index:
                self._use(index.postings, table)
                self._vectors_of(missing[start : start + _PAPERS_AT_ONCE], table)

    def _use(self, postings: PostingsReader, table: PaperTable) -> None:
        """Forget the vectors that were made of another state of index or papers."""
        if postings is not self._postings:
            self._postings, self._weights = postings, TermWeights(postings.document_count)
            self._vectors = {}
        if table.version != self._version:
            changed = table.changed_since(self._version) if self._version is not None else None
            for row in tuple(self._vectors) if changed is None else changed:
                self._vectors.pop(row, None)
            self._version = table.version

    def _vectors_of(self, rows: Sequence[int], table: PaperTable) -> list[TermVector]:
        return [vector for row in rows if (vector := self._vector(row, table)) is not None]

    def _vector(self, row: int, table: PaperTable) -> TermVector | None:
        """Return the vector of one of the user's papers; None if its line is damaged."""
        vector = self._vectors.get(row)
        if vector is None:
            assert self._postings is not None
            try:
                counts = self._stems.counts(table.paper(row))
            except StorageError:
                return None
            vector = self._vectors[row] = self._weights.vector(counts, self._postings)
        return vector

"""What the services have in common: papers by their identifiers, and counts by papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from paperreader.fetch.http.errors import FetchError
from paperreader.models import Paper

Counts = dict[str, int | None]
"""Numbers of citations by the ids of papers. None: the service does not know the paper."""


class CitationService(Protocol):
    """A service that counts citations."""

    label: str
    """Its name for messages and for the user."""
    batch_size: int
    """Papers in one request."""

    def counts(self, papers: Sequence[Paper]) -> Counts:
        """Return the counts of at most `batch_size` papers, each of which has an arXiv id or a DOI.

        Raises:
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
        """
        ...


def has_identifier(paper: Paper) -> bool:
    """Return whether a service can find a paper."""
    return bool(paper.arxiv or paper.doi)


def unusable(label: str) -> FetchError:
    """Return the error for a response that has another form than expected."""
    return FetchError(f"{label} sent a response that cannot be understood; try again later.")


def as_count(value: object) -> int | None:
    """Return a number of citations, or None if it is none."""
    return value if type(value) is int and 0 <= value <= MAX_CITATIONS else None


MAX_CITATIONS = 100_000_000

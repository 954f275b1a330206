"""What the services have in common that list references and citing papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from paperreader.fetch.online.sources import OnlinePage
from paperreader.models import Paper

Direction = Literal["references", "citations"]

LIST_LABELS: Mapping[Direction, str] = {"references": "references", "citations": "citing papers"}
"""What the papers of a list are called."""

PAGE_SIZE = 100
"""Papers in one request: as many as a filter of OpenAlex may have values."""

MAX_LISTED = 1_000
"""Papers of a list, however many there are."""


class CitationSource(Protocol):
    """A service that lists citations."""

    def page(self, paper: Paper, direction: Direction, start: int) -> OnlinePage:
        """Return a page of at most `PAGE_SIZE` papers. No page begins after `MAX_LISTED`.

        Raises:
            UsageError: the paper has no id that the service knows.
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
        """
        ...

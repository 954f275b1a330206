"""Where the sentences come from that rows show."""

from __future__ import annotations

from collections.abc import Container
from typing import Protocol, TypeVar

FoundSentence_co = TypeVar("FoundSentence_co", covariant=True)


class Sentences(Protocol[FoundSentence_co]):
    """Where the sentences of some results come from."""

    @property
    def rows(self) -> Container[int]:
        """The rows that may have one."""
        ...

    def find(self, row: int) -> FoundSentence_co | None:
        """Return the sentence of a paper; None if there is none. In a thread."""
        ...

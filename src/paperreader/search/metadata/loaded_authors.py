"""The authors of the papers, for one search."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property

from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.metadata.lookup import MetadataState, MetadataUnavailable


class LoadedAuthors:
    """The authors, as far as they can be used without a wait.

    The completer needs them too. A method of the session would make a cycle of references, which keeps files open.
    """

    def __init__(self, metadata: Callable[[], MetadataState]) -> None:
        self._metadata = metadata

    @cached_property
    def index(self) -> AuthorIndex | None:
        """The authors; None if their tables have to be rebuilt first, which a search for words does not wait for."""
        with suppress(MetadataUnavailable):
            return self._metadata().authors
        return None

    def get_index(self) -> AuthorIndex | None:
        """Return `index`."""
        return self.index

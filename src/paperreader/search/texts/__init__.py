"""Search in the full texts of papers: an index of its own, opened by the first query that needs it.

The library says which texts there are and what is in them (`TextSource`), and updates the index through `store`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.models import PaperTable

if TYPE_CHECKING:
    from paperreader.search.texts.lookup import TextLookup, TextTerms


class LazyTexts:
    """The full texts of an engine. Their modules are loaded by the first query that searches them.

    Args:
        folder: the cache folder of the library.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lookup: TextLookup | None = None

    def open(self, table: PaperTable) -> TextTerms:
        """Return the words of the full texts of the papers of a table."""
        if self._lookup is None:
            from paperreader.search.texts.lookup import TextLookup
            from paperreader.search.texts.store import FOLDER_NAME, TextIndexStore

            self._lookup = TextLookup(TextIndexStore(self._folder / FOLDER_NAME))
        return self._lookup.open(table)

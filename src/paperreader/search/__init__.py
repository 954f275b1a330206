"""Full-text search on Whoosh, and the only package that imports it.

Import `SearchEngine` and `IndexStore` from here, and late: NumPy and Whoosh take 0.1 s. Builders of index batches
import `update.batch_builder`.
"""

from typing import TYPE_CHECKING

from paperreader.search.lazy_imports import import_engine

if TYPE_CHECKING:
    from paperreader.search.engine import SearchEngine
    from paperreader.search.update.store import IndexStore

__all__ = ["IndexStore", "SearchEngine"]

import_engine()


def __getattr__(name: str) -> object:
    """Import lazily: adding papers needs only the store, not the modules that answer queries."""
    if name == "IndexStore":
        from paperreader.search.update.store import IndexStore

        return IndexStore
    if name == "SearchEngine":
        from paperreader.search.engine import SearchEngine

        return SearchEngine
    raise AttributeError(name)

"""Full-text search on Whoosh; the only package that imports it. Import it late: Whoosh and NumPy take 0.1 s."""

from typing import TYPE_CHECKING

from paperreader.search.lazy_imports import import_engine

if TYPE_CHECKING:
    from paperreader.search.engine import SearchEngine

__all__ = ["SearchEngine"]

import_engine()


def __getattr__(name: str) -> object:
    """What answers queries is loaded when it is asked for: whoever only adds papers does without it."""
    if name == "SearchEngine":
        from paperreader.search.engine import SearchEngine

        return SearchEngine
    raise AttributeError(name)

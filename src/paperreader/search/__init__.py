"""Full-text search on Whoosh; the only package that imports it. Import it late: Whoosh and NumPy take 0.1 s."""

from typing import TYPE_CHECKING

from paperreader.search.lazy_imports import load

if TYPE_CHECKING:
    from paperreader.search.engine import SearchIndex

__all__ = ["SearchIndex"]

load()


def __getattr__(name: str) -> object:
    """What answers queries is loaded when it is asked for: whoever only adds papers does without it."""
    if name == "SearchIndex":
        from paperreader.search.engine import SearchIndex

        return SearchIndex
    raise AttributeError(name)

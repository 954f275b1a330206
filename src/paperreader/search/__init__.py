"""Full-text search on Whoosh; the only package that imports it. Import it late: Whoosh and NumPy take 0.2 s."""

from paperreader.search.index import SearchIndex

__all__ = ["SearchIndex"]

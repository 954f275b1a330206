"""Full-text search on Whoosh; the only package that imports it. Import it late: Whoosh and NumPy take 0.2 s."""

import warnings

with warnings.catch_warnings():
    # Python 3.12 and later complain of escapes in Whoosh's strings when they compile it, which may be now.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    import whoosh.lang.porter2  # noqa: F401 (first used when a word is stemmed)

    from paperreader.search.index import SearchIndex

__all__ = ["SearchIndex"]

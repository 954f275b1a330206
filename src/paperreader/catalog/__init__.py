"""The library's papers: `papers.jsonl`, merging and identity, and the row table derived from them."""

from paperreader.catalog.store import Catalog
from paperreader.catalog.table import Table

__all__ = ["Catalog", "Table"]

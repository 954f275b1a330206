"""The library's papers: `papers.jsonl`, merging and identity, and the row table derived from them."""

from paperreader.catalog.catalog import Catalog
from paperreader.catalog.row_table.table import CatalogTable

__all__ = ["Catalog", "CatalogTable"]

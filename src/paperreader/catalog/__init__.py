"""The papers of a library: `papers.jsonl`, the merging of records, and the row table derived from the file.

Import `Catalog`, `CatalogTable` and `PAPERS_FILE_NAME` from here. Only the library goes deeper, for the constants of
the formats and for the types of reports.
"""

from paperreader.catalog.catalog import Catalog
from paperreader.catalog.catalog_file import PAPERS_FILE_NAME
from paperreader.catalog.row_table.table import CatalogTable

__all__ = ["PAPERS_FILE_NAME", "Catalog", "CatalogTable"]

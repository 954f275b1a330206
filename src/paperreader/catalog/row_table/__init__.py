"""`rows.bin`, the table of fixed-size rows derived from `papers.jsonl`, and `CatalogTable`, which reads both.

Import from the modules directly; `builder` also loads the merging code, so it is imported only when needed.
"""

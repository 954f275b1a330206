"""Authors, ids, sources and titles of all papers, in files next to the index.

Queries import `lookup`; updates import `tables`, `merger` and `file_format`.
"""

"""Importers of references: BibTeX, RIS and CSV, and the fields they share.

Only `importers` imports it, through `dispatch`.
"""

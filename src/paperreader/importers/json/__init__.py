"""Importers of JSON documents and JSON Lines, and readers of JSON that is too large or not quite valid.

Only `importers` imports it, through `dispatch`.
"""

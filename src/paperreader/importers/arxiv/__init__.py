"""Importers of arXiv's feeds and of the metadata snapshot published on Kaggle.

Only `importers` imports it, through `dispatch`.
"""

"""Import metadata from arXiv: Atom and RSS feeds, and the metadata snapshot on Kaggle.

The modules are named in `paperreader.import_formats` and imported by `importers.dispatch`.
"""

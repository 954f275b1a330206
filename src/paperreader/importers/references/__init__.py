"""Import references from reference managers: BibTeX, RIS and CSV.

The modules are named in `paperreader.import_formats` and imported by `importers.dispatch`.
"""

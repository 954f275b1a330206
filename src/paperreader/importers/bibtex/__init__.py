"""Import BibTeX and BibLaTeX: the syntax, fields as found in practice, inheritance, and our own exports.

The modules are named in `paperreader.import_formats` and imported by `importers.dispatch`.
"""

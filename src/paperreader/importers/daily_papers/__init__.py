"""Import Daily Papers pages of Hugging Face: saved as text, saved as HTML, and items of its API.

The modules are named in `paperreader.import_formats`; only `items` is imported by other packages.
"""

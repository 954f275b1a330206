"""Export papers with notes and tags in other formats: one module each, listed in `formats`.

Import `formats` for the registry and `render`; `bibtex`, `markdown` and `prose` also format a single paper for citing.
"""

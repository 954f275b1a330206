"""Pure functions on text: TeX to Unicode, URLs, paper ids, dates, terminal width, sanitizing, the query language.

Every module may be imported from anywhere; `text` itself imports only `models` and `import_formats`.
"""

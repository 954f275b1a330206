"""Conversion between TeX and Unicode: formulas, commands, accents, escaping.

Use `paperreader.text.tex_display` for display and `latex_source` for output; `braces`, `escape` and `note_markdown` may
also be imported by importers and exporters. The other modules are internal.
"""

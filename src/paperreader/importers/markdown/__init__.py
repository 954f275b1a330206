"""Markdown of other programs: links with their text, headings, tables; and lists of papers in Markdown."""

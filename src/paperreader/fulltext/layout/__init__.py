"""Lays out full texts for a terminal: lines of spans that know which part of which block they show.

Free of widgets and colors. What others may use is exported by `paperreader.fulltext`.
"""

"""Displayed formulas in two dimensions: fractions, limits, matrices and cases as boxes of lines.

`paperreader.text.tex.layout.formula` is the interface.
"""

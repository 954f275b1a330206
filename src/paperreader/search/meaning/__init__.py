"""Texts as vectors: a table of word stems with a vector each, whose weighted sums are near if texts mean the same."""

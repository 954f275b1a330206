"""Text analysis: tokenizer, stems, vocabularies and fuzzy matching.

Imports nothing else of the search; every other package of it may import these modules.
"""

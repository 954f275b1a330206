"""What helps to search besides results: highlights, completion, corrections and related papers.

Imported by `session` and `engine` only.
"""

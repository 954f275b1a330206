"""Assistance with searching: highlights, completion, corrections and related papers.

Imported by `session` and `engine` only.
"""

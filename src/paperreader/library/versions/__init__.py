"""Versions of papers at arXiv: what changed, and which are newer than what the user has seen."""

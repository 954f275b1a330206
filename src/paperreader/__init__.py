"""Read, search and bookmark machine-learning papers in a terminal."""

__version__ = "0.1.0"
"""The version; `pyproject.toml` reads it from here."""

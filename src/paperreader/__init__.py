"""Read, search and keep machine-learning papers in a terminal."""

__version__ = "0.1.0"
"""The one place the version stands; `pyproject.toml` reads it from here."""

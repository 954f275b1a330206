"""Errors of the index files."""

from __future__ import annotations


class IndexDamaged(Exception):
    """A file of the index differs from what was written."""

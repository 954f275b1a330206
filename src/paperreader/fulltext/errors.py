"""Errors of full texts whose message is shown to the user."""

from __future__ import annotations

from paperreader.errors import NotAFullText, PaperreaderError

__all__ = ["ConversionFailed", "NotAFullText"]


class ConversionFailed(PaperreaderError):
    """A page could not be converted within the limits of time and memory."""

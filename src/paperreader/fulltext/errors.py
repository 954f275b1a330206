"""Why there is no full text: errors whose message is shown to the user."""

from __future__ import annotations

from paperreader.errors import PaperreaderError


class NotAFullText(PaperreaderError):
    """A page is not the full text of the paper: an abstract page, an error page, another paper, no LaTeXML page."""


class ConversionFailed(PaperreaderError):
    """A page could not be converted within the limits of time and memory."""

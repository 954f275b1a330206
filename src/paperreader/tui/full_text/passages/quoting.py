"""A passage of a full text as a quotation with its source."""

from __future__ import annotations

from paperreader.fulltext import Place
from paperreader.text.sanitize import sanitize, single_line
from paperreader.tui.full_text.context import OpenText, section_label


def quotation(text: OpenText, quote: str, place: Place | None) -> str:
    """Return a quote with title, arXiv id and, if its place is known, the section it is in."""
    document = text.document
    version = f"v{document.version}" if document.version else ""
    id = f"arXiv:{single_line(document.arxiv)}{version}" if document.arxiv else ""
    section = section_label(text.section_at(place)) if place is not None else ""
    source = ", ".join(filter(None, (text.title, id, f"Section {section}" if section else "")))
    return f"“{sanitize(quote)}”\n— {source}"

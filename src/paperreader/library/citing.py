"""One paper as a citation: a Markdown line, a BibTeX entry."""

from __future__ import annotations

from paperreader.exporters.bibtex import bibtex_entry
from paperreader.exporters.markdown import markdown_link
from paperreader.exporters.prose import plain_title
from paperreader.models import Paper
from paperreader.text.paper_urls import landing_page


def cite_markdown(paper: Paper) -> str:
    """`[Title](page)`, as a link where the paper has a page, the title alone where it has none."""
    return markdown_link(plain_title(paper), landing_page(paper))


def cite_bibtex(paper: Paper) -> str:
    """A BibTeX entry in plain ASCII, with what it takes to cite the paper."""
    return bibtex_entry(paper)

"""One paper as a citation: a Markdown line, a BibTeX entry."""

from __future__ import annotations

from paperreader.exporters.bibtex import citation
from paperreader.exporters.markdown import link
from paperreader.exporters.prose import title_of
from paperreader.models import Paper
from paperreader.text.paper_urls import page_of


def markdown(paper: Paper) -> str:
    """`[Title](page)`, as a link where the paper has a page, the title alone where it has none."""
    return link(title_of(paper), page_of(paper))


def bibtex(paper: Paper) -> str:
    """A BibTeX entry in plain ASCII, with what it takes to cite the paper."""
    return citation(paper)

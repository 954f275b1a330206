"""A library whose new papers have been dealt with."""

from __future__ import annotations

from paperreader.library import Library
from paperreader.models import MarkChange


def dismiss_new(library: Library) -> None:
    """Dismiss all new papers, so that exactly what arrives later is new."""
    library.inbox.arrivals.begin()
    papers = [library.paper(row) for row in library.view("new")]
    library.save_and_apply([MarkChange(paper.id, paper.title, dismissed=True) for paper in papers])

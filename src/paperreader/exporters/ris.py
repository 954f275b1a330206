"""RIS, for reference managers: fields of two letters, one a line.

https://en.wikipedia.org/wiki/RIS_(file_format). Tags stand among the keywords (`KW`), which is where other programs
look, and once more as labels (`LB`), by which they are told from subject words when they come back. What RIS knows no
field for stands in `M2` as `name: value; …`, which other programs show as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paperreader.exporters.citation_keys import citation_key, paper_year
from paperreader.exporters.formats import ExportItem
from paperreader.models import Paper
from paperreader.text.html_notes import markdown_to_html_note
from paperreader.text.paper_urls import landing_page, other_urls
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode

_LIKE_A_FIELD = re.compile(r" *[A-Z][A-Z0-9]  ?-")


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """A reference for each paper."""
    for item in papers:
        fields = [f"{name}  - {value}" for name, value in _fields(item) if value]
        yield "\n".join([*fields, "ER  - ", ""])


def _fields(item: ExportItem) -> Iterator[tuple[str, str]]:
    paper, mark = item.paper, item.mark
    yield "TY", _kind(paper)
    yield "ID", citation_key(paper)
    yield "TI", single_line(paper.title)
    for author in paper.authors:
        yield "AU", _family_first(single_line(tex_to_unicode(author)))
    yield "T2", single_line(tex_to_unicode(paper.venue))
    yield "PY", (paper.published or "")[:4] or paper_year(paper)
    yield "DA", "/".join([*paper.published.split("-"), "", "", ""][:4]) if paper.published else ""
    yield "AB", _continued(paper.abstract)
    for word in dict.fromkeys((*paper.keywords, *mark.tag_names)):
        yield "KW", single_line(word)
    for tag in mark.tag_names:
        yield "LB", single_line(tag)
    yield "AN", f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    yield "DO", single_line(paper.doi)
    for url in filter(None, (landing_page(paper), *other_urls(paper))):
        yield "UR", url
    yield "N1", _continued(markdown_to_html_note(mark.note_text))
    yield "M2", _own(item)


def _own(item: ExportItem) -> str:
    """`listed: 2025-10-03; votes: 43; bookmarked: yes`, as far as it is known."""
    paper, mark = item.paper, item.mark
    told = (
        ("listed", paper.listed),
        (
            "published",
            None if paper.published else "unknown",
        ),  # the year is that of the id, or of the listing
        *(("votes", paper.votes), ("comments", paper.comments), ("stars", paper.stars)),
        *(("bookmarked", "yes" if mark.bookmarked else None), ("read", "yes" if mark.is_read else None)),
    )
    return "; ".join(f"{name}: {value}" for name, value in told if value is not None)


def _kind(paper: Paper) -> str:
    """A paper in proceedings, or an article, where its journal or a DOI beside arXiv's own says so; else a work that
    has not appeared.
    """
    if paper.booktitle and not paper.journal:
        return "CONF"
    if paper.journal:
        return "JOUR"
    return "JOUR" if paper.doi and "arxiv" not in paper.doi else "UNPB"


def _family_first(name: str) -> str:
    """`Lantern, Ada`, which is how RIS has names. A comma in a name would part it, and is dropped."""
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given and "," not in name else name.replace(",", "")


def _continued(text: str) -> str:
    """Text of several lines: they follow below the field. One that looks like a field moves a blank to the right."""
    first, *rest = sanitize(text).strip("\n").split("\n")
    return "\n".join([first, *(f" {line}" if _LIKE_A_FIELD.match(line) else line for line in rest)])

"""Papers as plain text, for commands that read it: title, authors, links, abstract, note, highlights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.formats import ExportItem
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield the lines, with an empty line between two papers."""
    for number, item in enumerate(papers):
        if number:
            yield ""
        yield from _paper_lines(item)


def _paper_lines(item: ExportItem) -> Iterator[str]:
    paper, mark = item.paper, item.mark
    yield single_line(tex_to_unicode(paper.title))
    for line in (", ".join(paper.credited), " · ".join(filter(None, (paper.date, paper.venue, paper.id)))):
        if line:
            yield single_line(tex_to_unicode(line))
    yield from (link.url for link in paper.links)
    for text in (tex_to_unicode(paper.abstract).strip(), mark.note_text.strip()):
        if text:
            yield ""
            yield text
    for highlight in mark.passages:
        yield ""
        yield f"«{single_line(highlight.quote)}»"
        if highlight.comment.strip():
            yield highlight.comment.strip()

"""The beginning of a document: title, authors, and where the text comes from."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.fulltext.document import Document, SourceName
from paperreader.fulltext.layout.flow import Flow
from paperreader.fulltext.layout.lines import HEAD, LayoutOptions, Line
from paperreader.text.dates import format_long_date
from paperreader.text.sanitize import single_line

SOURCE_LABELS: dict[SourceName, str] = {
    "arxiv-html": "HTML of arXiv",
    "ar5iv-html": "HTML of ar5iv",
    "pdf": "text of the PDF",
    "huggingface": "Markdown of Hugging Face",
}
"""How the sources of full texts are called."""

MAX_AUTHOR_LINES = 200


def head_lines(document: Document, options: LayoutOptions) -> list[Line]:
    """Return title, authors and facts, with a blank line below."""
    lines: list[Line] = []
    start = 0
    for flow in _head_flows(document, options):
        flow_start = start
        for spans in flow.lines(options.width):
            shifted = tuple(
                span._replace(start=span.start + start, end=span.end + start) if span.start >= 0 else span
                for span in spans
            )
            flow_start = shifted[0].start if shifted else flow_start
            lines.append(Line(shifted, HEAD, flow_start))
        start += flow.end + 1
    return [*lines, Line((), HEAD, start), Line((), HEAD, start)]


def head_text(document: Document) -> str:
    """Return the text of the beginning, one line for each of its parts."""
    return "\n".join(flow.text for flow in _head_flows(document, LayoutOptions()))


def _head_flows(document: Document, options: LayoutOptions) -> Iterator[Flow]:
    title = Flow(raw=options.raw)
    title.add_pieces(document.title, "title", "b")
    yield title
    for author in document.authors[:MAX_AUTHOR_LINES]:
        flow = Flow(raw=options.raw)
        flow.add_pieces(author, "muted")
        yield flow
    facts = Flow()
    facts.add(f" {options.glyphs.separator} ".join(_facts(document)), "muted")
    yield facts


def _facts(document: Document) -> Iterator[str]:
    if document.arxiv:
        version = f"v{document.version}" if document.version else ""
        yield single_line(f"arXiv:{document.arxiv}{version}")
    if document.date:
        yield format_long_date(single_line(document.date))
    if document.license:
        yield single_line(document.license)
    yield SOURCE_LABELS[document.source]

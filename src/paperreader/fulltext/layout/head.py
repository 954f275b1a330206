"""The beginning of a document: title, authors, and where the text comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperreader.fulltext.document import Document, SourceName
from paperreader.fulltext.layout.authors import is_name_line, shown_authors
from paperreader.fulltext.layout.flow import Flow
from paperreader.fulltext.layout.lines import HEAD, LayoutOptions, Line, Span
from paperreader.text.cell_width import cell_width, wrap_cells
from paperreader.text.dates import format_long_date
from paperreader.text.sanitize import single_line

SOURCE_LABELS: dict[SourceName, str] = {
    "arxiv-html": "HTML of arXiv",
    "ar5iv-html": "HTML of ar5iv",
    "pdf": "text of the PDF",
    "huggingface": "Markdown of Hugging Face",
}
"""How the sources of full texts are called."""

MAX_AUTHOR_LINES = 6
"""Lines about authors that are shown in any case."""

MAX_NAME_LINES = 4
"""Lines with names where not all is shown."""

_NAME_SEPARATOR = ", "


def head_lines(document: Document, options: LayoutOptions) -> list[Line]:
    """Return title, authors and facts, with a blank line below."""
    parts = list(_parts(document, options))
    title, *authors, facts = [_flow_lines(part.flow, part.start, options.width) for part in parts]
    lines = [*title, *(line for found in authors for line in found), *facts]
    if options.authors_hint and sum(map(len, authors)) > MAX_AUTHOR_LINES:
        lines = [*title, *_name_lines(parts[1:-1], options), *facts]
    end = parts[-1].start + len(parts[-1].flow.text)
    return [*lines, Line((), HEAD, end + 1), Line((), HEAD, end + 1)]


def head_text(document: Document) -> str:
    """Return the text of the beginning, one line for each of its parts."""
    return "\n".join(part.flow.text for part in _parts(document, LayoutOptions()))


class _Part(NamedTuple):
    """A part of the beginning, and its offset in the text of the whole."""

    flow: Flow
    start: int
    is_name: bool = False


def _parts(document: Document, options: LayoutOptions) -> Iterator[_Part]:
    title = Flow(raw=options.raw)
    title.add_pieces(document.title, "title", "b")
    yield _Part(title, 0)
    start = title.end + 1
    for author in shown_authors(document.authors):
        flow = Flow(raw=options.raw)
        flow.add_pieces(author, "muted")
        yield _Part(flow, start, is_name_line(author))
        start += flow.end + 1
    facts = Flow()
    facts.add(f" {options.glyphs.separator} ".join(_facts(document)), "muted")
    yield _Part(facts, start)


def _flow_lines(flow: Flow, start: int, width: int) -> list[Line]:
    lines: list[Line] = []
    for spans in flow.lines(width):
        shifted = tuple(
            span._replace(start=span.start + start, end=span.end + start) if span.start >= 0 else span
            for span in spans
        )
        lines.append(Line(shifted, HEAD, shifted[0].start if shifted else start))
    return lines


def _name_lines(authors: Sequence[_Part], options: LayoutOptions) -> list[Line]:
    """Return the names alone, one after the other, and how to see the rest."""
    names = [part for part in authors if part.is_name] or list(authors[:1])
    lines: list[Line] = []
    spans: tuple[Span, ...] = ()
    room = options.width
    for part in names:
        first, *others = _flow_lines(part.flow, part.start, options.width)
        separator = (Span(_NAME_SEPARATOR, "muted"),) if spans else ()
        needed = sum(cell_width(span.text) for span in (*separator, *first.spans)) + len(_NAME_SEPARATOR)
        if spans and (others or needed > room):
            lines.append(Line((*spans, Span(",", "muted")), HEAD, spans[0].start))
            spans, separator, room = (), (), options.width
        spans = (*spans, *separator, *first.spans)
        room -= needed
        for other in others:
            lines.append(Line(spans, HEAD, spans[0].start))
            spans, room = other.spans, options.width - sum(cell_width(span.text) for span in other.spans)
    if spans:
        lines.append(Line(spans, HEAD, spans[0].start))
    hint = options.authors_hint
    if len(lines) > MAX_NAME_LINES:
        lines = lines[:MAX_NAME_LINES]
        hint = f"{options.glyphs.ellipsis} {hint}"
    end = authors[-1].start
    return [*lines, *(Line((Span(text, "note"),), HEAD, end) for text in wrap_cells(hint, options.width))]


def _facts(document: Document) -> Iterator[str]:
    if document.arxiv:
        version = f"v{document.version}" if document.version else ""
        yield single_line(f"arXiv:{document.arxiv}{version}")
    if document.date:
        yield format_long_date(single_line(document.date))
    if document.license:
        yield single_line(document.license)
    yield SOURCE_LABELS[document.source]

"""Facts about a paper in the detail pane: date, venue, votes, id, comments, sources."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.import_formats import SOURCE_LABELS, TEXT_PAGE
from paperreader.models import Paper, Source
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.dates import format_long_date
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.text_line import TextSpan


def metadata_lines(
    paper: Paper, width: int, glyphs: Glyphs, date_format: str = "short", *, facts: Sequence[str] = ()
) -> list[list[TextSpan]]:
    """Return date, venue, votes, id, comments and sources, separated by dots, on as many lines as necessary.

    `facts`: more of them, which follow the id.
    """
    known = [format_long_date(paper.date, date_format)] if paper.date else []
    known += [tex_to_unicode(paper.venue)] if paper.venue else []
    known += [f"{glyphs.votes}{paper.votes:,}"] if paper.votes else []
    known += [paper.arxiv or paper.doi] if paper.arxiv or paper.doi else []
    known += facts
    known += [f"{paper.comments:,} comment{'s' * (paper.comments != 1)}"] if paper.comments else []
    if paper.stars and paper.code_link is None:  # otherwise they are shown next to the repository
        known.append(stars_label(paper.stars))
    known += [_sources_label(paper.sources)] if paper.sources else []
    lines: list[str] = []
    for fact in (truncate_cells(single_line(fact), width, glyphs.ellipsis) for fact in known):
        longer = f"{lines[-1]} {glyphs.separator} {fact}" if lines else fact
        if lines and cell_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(fact)
    return [[TextSpan(line, "muted")] for line in lines]


def stars_label(count: int) -> str:
    """Format the stars of a repository. In words, because the star symbol means a bookmark."""
    return f"{count:,} star{'s' * (count != 1)}"


def _sources_label(sources: Sequence[Source]) -> str:
    """List the sources of a paper: `Hugging Face, Daily Papers 2025-10-03 +2`."""
    names = list(dict.fromkeys(SOURCE_LABELS.get(source.kind, source.kind) for source in sources))
    pages = sorted(
        {source.date or source.name for source in sources if source.kind == TEXT_PAGE}, reverse=True
    )
    if pages:
        more = f" +{len(pages) - 1}" if len(pages) > 1 else ""
        label = SOURCE_LABELS[TEXT_PAGE]
        names[names.index(label)] = f"{label} {pages[0]}{more}"
    return ", ".join(names)

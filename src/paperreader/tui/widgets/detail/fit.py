"""Why a paper fits the user, on one line of the detail."""

from __future__ import annotations

from msgspec import Struct

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.text_line import StyledLine, TextSpan, span_width

_MAX_TITLE_LENGTH = 400
"""Characters of a title that are converted."""


class Fit(Struct, frozen=True):
    """How well a paper fits the user, and why."""

    level: int
    """From 0 to 3."""
    words: tuple[str, ...] = ()
    """What it has in common with several bookmarks."""
    nearest: str = ""
    """The title of the nearest bookmark."""
    is_explained: bool = True
    """False while the reasons are looked for."""


def fit_line(fit: Fit, width: int, glyphs: Glyphs) -> StyledLine:
    """Return the line: `because: video, motion, frame · like I2VEdit`. It has the same height before it is known."""
    spans = [TextSpan(glyphs.levels[fit.level - 1] if fit.level else " ", "fit"), TextSpan(" ")]
    if not fit.is_explained:
        return (*spans, TextSpan(_cut("for you", spans, width, glyphs), "muted"))
    if not fit.words and not fit.nearest:
        return (*spans, TextSpan(_cut("unlike your bookmarks", spans, width, glyphs), "muted"))
    if fit.words:
        because = f"because: {', '.join(map(single_line, fit.words))}"
        spans.append(TextSpan(_cut(because, spans, width, glyphs), "muted"))
    if fit.nearest and span_width(spans) < width:
        gap = f" {glyphs.separator} " if fit.words else ""
        spans.append(TextSpan(_cut(f"{gap}like ", spans, width, glyphs), "muted"))
        title = single_line(tex_to_unicode(fit.nearest[:_MAX_TITLE_LENGTH]))
        name, colon, _ = title.partition(": ")  # `I2VEdit: First-Frame-Guided …`
        if colon and cell_width(title) > width - span_width(spans):
            title = name
        spans.append(TextSpan(_cut(title, spans, width, glyphs), "emph"))
    return tuple(spans)


def _cut(text: str, before: list[TextSpan], width: int, glyphs: Glyphs) -> str:
    return truncate_cells(text, max(0, width - span_width(before)), glyphs.ellipsis)

"""The texts of a row of the paper list: single lines in Unicode."""

from __future__ import annotations

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import readable_text

_MAX_TITLE_LENGTH = 600
"""Characters of a title or an abstract that are laid out: more than any row can show."""


class RowText(Struct, frozen=True):
    """The texts of a row: single lines in Unicode, without control characters."""

    title: str
    author: str = ""
    """First author and number of others, such as `Justin Cui +8`."""
    votes: int | None = None
    code: bool = False
    beginning: str = ""
    """What the second line shows of a paper without authors: the beginning of its abstract, or its venue."""


def row_text(paper: Paper) -> RowText:
    """Return the texts of the row of a paper."""
    title = single_line(readable_text(paper.title[:_MAX_TITLE_LENGTH])) or paper.id
    author = single_line(paper.credited[0][:100]) if paper.credited else ""
    if len(paper.credited) > 1:
        author += f" +{len(paper.credited) - 1:,}"
    beginning = "" if author else _beginning(paper)
    return RowText(title, author, paper.votes, paper.has_link("code"), beginning)


def _beginning(paper: Paper) -> str:
    """Return the beginning of the summary or abstract, else the venue, else the id."""
    texts = (paper.summary[:_MAX_TITLE_LENGTH], paper.abstract[:_MAX_TITLE_LENGTH], paper.venue, paper.id)
    lines = (single_line(readable_text(text)) for text in texts)
    return next((line for line in lines if line), "")

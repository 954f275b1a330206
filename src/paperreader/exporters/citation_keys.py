"""Citation keys of papers."""

from __future__ import annotations

import re

from paperreader.models import Paper
from paperreader.text.sanitize import fold_for_search
from paperreader.text.tex_display import tex_to_unicode

_WORD = re.compile(r"[a-z0-9]+")
_HASH = re.compile(r"-([0-9a-f]{8}|[0-9a-f]{12})$")
_STOP_WORDS = frozenset(
    {"a", "an", "the", "on", "of", "for", "in", "to", "towards", "toward", "with", "and", "is", "are"}
)
_ARXIV_YEAR = re.compile(r"(?:[a-z-]+/)?([0-9]{2})[0-9]{2}")
_FIRST_YEAR = 91
"""arXiv began in 1991."""


def citation_key(paper: Paper) -> str:
    """Return a key of author, year, a word of the title and the id: `karpathy2025unreasonable-2501.01234`.

    It depends on the paper alone, so other papers do not change it, except another work with the same title, and no two
    papers have the same one. Of an id that is not an arXiv id, only the hash at its end is used. Letters, digits, `.`
    and `-` only.
    """
    people = paper.authors or paper.editors
    author = _words(tex_to_unicode(people[0]))[-1:] if people else []
    title = [word for word in _words(tex_to_unicode(paper.title)) if word not in _STOP_WORDS][:1]
    stem = "".join([*author, paper_year(paper), *title])
    named = _HASH.search(paper.id) if not paper.arxiv else None
    tail = named[1] if named else re.sub(r"[^A-Za-z0-9.]+", "-", paper.arxiv or paper.id).strip("-")
    return "-".join(filter(None, (stem, tail))) or "paper"


def paper_year(paper: Paper) -> str:
    """Return the year of the arXiv id, which never changes, else of the date; or empty."""
    if found := _ARXIV_YEAR.match(paper.arxiv):
        return ("19" if int(found[1]) >= _FIRST_YEAR else "20") + found[1]
    return "".join(_words((paper.published or paper.listed or "")[:4]))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_for_search(text))

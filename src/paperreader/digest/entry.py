"""One paper as every form of the digest tells it: short, and fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.cell_width import truncate_cells
from paperreader.text.dates import format_long_date
from paperreader.text.paper_urls import landing_page, safe_code_link
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import safe_url

MAX_AUTHORS = 3
"""Authors who are named."""

MAX_TITLE_CELLS, MAX_AUTHOR_CELLS, MAX_SUMMARY_CELLS = 300, 60, 360
"""Cells of a title, of an author's name, and of a summary."""

MAX_SENTENCES = 2
"""Of the abstract, where a paper has no summary line."""

_MAX_ABSTRACT_CHARS = 4000
"""Characters of an abstract that are looked at for its first sentences."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_ABBREVIATION_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|St|Dr)|\b[A-Z])\.\Z"
)


class DigestEntry(Struct, frozen=True):
    """A paper of the digest. Every text is a single line without control characters."""

    id: str
    title: str
    authors: str
    """`A, B, C and 4 others`; empty where nobody is known."""
    date: str
    """ISO day."""
    votes: int | None
    summary: str
    """The summary line of a source, else the first sentences of the abstract; may be empty."""
    links: tuple[tuple[str, str], ...]
    """What each is (`paper`, `code`, `project`, `page`) and its address, http or https."""
    other_groups: tuple[str, ...] = ()
    """Names of the other groups that it belongs to."""

    @property
    def url(self) -> str:
        """The address of the paper itself, or the best there is of it, or empty."""
        return self.links[0][1] if self.links else ""

    @property
    def metadata(self) -> tuple[str, ...]:
        """Authors, day and votes, as far as they are known."""
        votes = "" if self.votes is None else f"{self.votes:,} vote{'' if self.votes == 1 else 's'}"
        return tuple(fact for fact in (self.authors, format_long_date(self.date), votes) if fact)


def entry_of(paper: Paper, other_groups: Sequence[str] = ()) -> DigestEntry:
    """A paper as the digest tells it."""
    return DigestEntry(
        id=single_line(paper.id),
        title=_display_line(paper.title, MAX_TITLE_CELLS) or single_line(paper.id),
        authors=author_list(paper.authors),
        date=single_line(paper.date),
        votes=paper.votes,
        summary=_display_line(paper.summary, MAX_SUMMARY_CELLS) or first_sentences(paper.abstract),
        links=_links(paper),
        other_groups=tuple(other_groups),
    )


def author_list(authors: Sequence[str]) -> str:
    """The first authors by name, and how many others there are."""
    names = [name for author in authors[:MAX_AUTHORS] if (name := _display_line(author, MAX_AUTHOR_CELLS))]
    others = len(authors) - MAX_AUTHORS
    if others > 0:
        return f"{', '.join(names)} and {others:,} other{'' if others == 1 else 's'}"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def first_sentences(abstract: str) -> str:
    """The beginning of an abstract: whole sentences as long as there is room, else cut at a word."""
    text = _display_line(abstract[:_MAX_ABSTRACT_CHARS], _MAX_ABSTRACT_CHARS)
    kept = ""
    for number, sentence in enumerate(_sentences(text)):
        longer = f"{kept} {sentence}".strip()
        if number >= MAX_SENTENCES or (kept and len(longer) > MAX_SUMMARY_CELLS):
            break
        kept = longer
    return truncate_cells(kept, MAX_SUMMARY_CELLS)


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    begun = ""
    for piece in _SENTENCE_END.split(text):
        begun = f"{begun} {piece}".strip()
        if not _ABBREVIATION_END.search(begun[-12:]):
            sentences.append(begun)
            begun = ""
    return [*sentences, begun] if begun else sentences


def _links(paper: Paper) -> tuple[tuple[str, str], ...]:
    repository = safe_code_link(paper)
    project = next((link for link in paper.links if link.kind == "project"), None)
    # Any link stands in for a page where a paper has none; it is called what it is.
    own = paper.arxiv or paper.doi or any(link.kind == "paper" for link in paper.links)
    found = {
        **({"paper": landing_page(paper)} if own else {}),
        "code": repository.url if repository else "",
        "project": (safe_url(project.url) or "") if project else "",
        **({} if own else {"page": landing_page(paper)}),
    }
    distinct: dict[str, str] = {}
    for what, url in found.items():
        if url and url not in distinct.values():
            distinct[what] = url
    return tuple(distinct.items())


def _display_line(text: str, width: int) -> str:
    """Text as people read it, on one line of so many cells at most."""
    return truncate_cells(single_line(tex_to_unicode(text[: width * 12])), width)

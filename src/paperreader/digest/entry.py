"""One paper as every form of the digest tells it: short, and fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.cell_width import cut
from paperreader.text.clean import printable
from paperreader.text.dates import long_day
from paperreader.text.paper_urls import page_of, repository_of
from paperreader.text.tex_display import readable
from paperreader.text.urls import safe_url

MOST_AUTHORS = 3
"""Authors who are named."""

LONGEST_TITLE, LONGEST_NAME, LONGEST_SUMMARY = 300, 60, 360
"""Cells of a title, of an author's name, and of a summary."""

SENTENCES = 2
"""Of the abstract, where a paper has no summary line."""

_READ = 4000
"""Characters of an abstract that are looked at for its first sentences."""

_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|St|Dr)|\b[A-Z])\.\Z"
)


class Item(Struct, frozen=True):
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
    also: tuple[str, ...] = ()
    """Names of the other groups that it belongs to."""

    @property
    def page(self) -> str:
        """The address of the paper itself, or the best there is of it, or empty."""
        return self.links[0][1] if self.links else ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Authors, day and votes, as far as they are known."""
        votes = "" if self.votes is None else f"{self.votes:,} vote{'' if self.votes == 1 else 's'}"
        return tuple(fact for fact in (self.authors, long_day(self.date), votes) if fact)


def item_of(paper: Paper, also: Sequence[str] = ()) -> Item:
    """A paper as the digest tells it."""
    return Item(
        id=printable(paper.id),
        title=_line(paper.title, LONGEST_TITLE) or printable(paper.id),
        authors=shortened(paper.authors),
        date=printable(paper.date),
        votes=paper.votes,
        summary=_line(paper.summary, LONGEST_SUMMARY) or first_sentences(paper.abstract),
        links=_links(paper),
        also=tuple(also),
    )


def shortened(authors: Sequence[str]) -> str:
    """The first authors by name, and how many others there are."""
    names = [name for author in authors[:MOST_AUTHORS] if (name := _line(author, LONGEST_NAME))]
    others = len(authors) - MOST_AUTHORS
    if others > 0:
        return f"{', '.join(names)} and {others:,} other{'' if others == 1 else 's'}"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def first_sentences(abstract: str) -> str:
    """The beginning of an abstract: whole sentences as long as there is room, else cut at a word."""
    text = _line(abstract[:_READ], _READ)
    kept = ""
    for number, sentence in enumerate(_sentences(text)):
        longer = f"{kept} {sentence}".strip()
        if number >= SENTENCES or (kept and len(longer) > LONGEST_SUMMARY):
            break
        kept = longer
    return cut(kept, LONGEST_SUMMARY)


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    begun = ""
    for piece in _END.split(text):
        begun = f"{begun} {piece}".strip()
        if not _NO_END.search(begun[-12:]):
            sentences.append(begun)
            begun = ""
    return [*sentences, begun] if begun else sentences


def _links(paper: Paper) -> tuple[tuple[str, str], ...]:
    repository = repository_of(paper)
    project = next((link for link in paper.links if link.kind == "project"), None)
    # Any link stands in for a page where a paper has none; it is called what it is.
    own = paper.arxiv or paper.doi or any(link.kind == "paper" for link in paper.links)
    found = {
        **({"paper": page_of(paper)} if own else {}),
        "code": repository.url if repository else "",
        "project": (safe_url(project.url) or "") if project else "",
        **({} if own else {"page": page_of(paper)}),
    }
    distinct: dict[str, str] = {}
    for what, url in found.items():
        if url and url not in distinct.values():
            distinct[what] = url
    return tuple(distinct.items())


def _line(text: str, width: int) -> str:
    """Text as people read it, on one line of so many cells at most."""
    return cut(printable(readable(text[: width * 12])), width)

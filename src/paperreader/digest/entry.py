"""One paper of a digest, independent of the format: short texts that are safe to print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.cell_width import truncate_cells
from paperreader.text.counts import format_count
from paperreader.text.dates import format_long_date
from paperreader.text.paper_urls import landing_page, safe_code_link
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import safe_url

MAX_AUTHORS = 3
"""Authors listed by name."""

MAX_TITLE_CELLS, MAX_AUTHOR_CELLS, MAX_SUMMARY_CELLS = 300, 60, 360

MAX_SENTENCES = 2
"""Sentences of the abstract, for papers without a summary."""

_MAX_ABSTRACT_CHARS = 4000
"""The part of an abstract that is searched for its first sentences."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
_ABBREVIATION_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Ref|Refs|No|St|Dr)|\b[A-Z])\.\Z"
)


class DigestEntry(Struct, frozen=True):
    """A paper of the digest. Every text is a single line without control characters."""

    id: str
    title: str
    authors: str
    """`A, B, C and 4 others`; empty if unknown."""
    date: str
    """ISO day."""
    votes: int | None
    summary: str
    """The summary of a source, else the first sentences of the abstract; may be empty."""
    links: tuple[tuple[str, str], ...]
    """Labels (`paper`, `code`, `project`, `page`) and http or https URLs."""
    other_groups: tuple[str, ...] = ()
    """Names of the other groups that the paper belongs to."""
    watched: tuple[str, ...] = ()
    """What of the watch list the paper has."""

    @property
    def url(self) -> str:
        """The URL of the paper, else of its best other link, else empty."""
        return self.links[0][1] if self.links else ""

    @property
    def metadata(self) -> tuple[str, ...]:
        """Authors, date, votes and what is watched, as far as known."""
        votes = "" if self.votes is None else format_count(self.votes, "vote")
        watched = f"watched: {', '.join(self.watched)}" if self.watched else ""
        return tuple(part for part in (self.authors, format_long_date(self.date), votes, watched) if part)


def entry_of(paper: Paper, other_groups: Sequence[str] = (), watched: Sequence[str] = ()) -> DigestEntry:
    """Build the entry of a paper."""
    return DigestEntry(
        id=single_line(paper.id),
        title=_display_line(paper.title, MAX_TITLE_CELLS) or single_line(paper.id),
        authors=author_list(paper.credited),
        date=single_line(paper.date),
        votes=paper.votes,
        summary=_display_line(paper.summary, MAX_SUMMARY_CELLS) or first_sentences(paper.abstract),
        links=_links(paper),
        other_groups=tuple(other_groups),
        watched=tuple(single_line(name) for name in watched),
    )


def author_list(authors: Sequence[str]) -> str:
    """List the first authors by name, and the number of others."""
    names = [name for author in authors[:MAX_AUTHORS] if (name := _display_line(author, MAX_AUTHOR_CELLS))]
    others = len(authors) - MAX_AUTHORS
    if others > 0:
        return f"{', '.join(names)} and {format_count(others, 'other')}"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def first_sentences(abstract: str) -> str:
    """Return the first whole sentences of an abstract that fit; a longer first sentence is cut at a word."""
    text = _display_line(abstract[:_MAX_ABSTRACT_CHARS], _MAX_ABSTRACT_CHARS)
    result = ""
    for number, sentence in enumerate(_split_sentences(text)):
        longer = f"{result} {sentence}".strip()
        if number >= MAX_SENTENCES or (result and len(longer) > MAX_SUMMARY_CELLS):
            break
        result = longer
    return truncate_cells(result, MAX_SUMMARY_CELLS)


def _split_sentences(text: str) -> list[str]:
    sentences: list[str] = []
    current = ""
    for part in _SENTENCE_END.split(text):
        current = f"{current} {part}".strip()
        if not _ABBREVIATION_END.search(current[-12:]):
            sentences.append(current)
            current = ""
    return [*sentences, current] if current else sentences


def _links(paper: Paper) -> tuple[tuple[str, str], ...]:
    repository = safe_code_link(paper)
    project = next((link for link in paper.links if link.kind == "project"), None)
    # A paper without a page of its own gets its best other link, with the label `page`.
    has_own_page = paper.arxiv or paper.doi or any(link.kind == "paper" for link in paper.links)
    candidates = {
        **({"paper": landing_page(paper)} if has_own_page else {}),
        "code": repository.url if repository else "",
        "project": (safe_url(project.url) or "") if project else "",
        **({} if has_own_page else {"page": landing_page(paper)}),
    }
    links: dict[str, str] = {}
    for label, url in candidates.items():
        if url and url not in links.values():
            links[label] = url
    return tuple(links.items())


def _display_line(text: str, width: int) -> str:
    """Convert TeX to Unicode, and return one line of at most `width` cells."""
    return truncate_cells(single_line(tex_to_unicode(text[: width * 12])), width)

"""The layout of one paper: title, facts, authors, tags, links, abstract, note. No colours, no widgets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import LINK_KINDS, Link, Mark, Paper
from paperreader.text.cell_width import cells, cut, wrap
from paperreader.text.clean import clean, printable
from paperreader.text.tex_display import readable
from paperreader.text.url_display import as_people_write, kind_name
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.detail.facts import facts, stars
from paperreader.tui.widgets.detail.note_markdown import blocks
from paperreader.tui.widgets.detail.text_flow import Page, Target
from paperreader.tui.widgets.pieces import Find, Line, Piece, blanks, width_of

MEASURE = 80
"""Longer lines are hard to read: what is left of a wide pane stays empty."""

_AUTHORS = 500
"""Names in the full list at the end; collaborations have thousands."""
_LINKS = 20
_KEYWORDS = 100
_KIND = 8
"""Cells of the column that says what stands behind a link."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_HEAD, _ABSTRACT, _NOTE, _TAIL = range(4)


class DetailLayout(Struct, frozen=True):
    """A paper in lines of at most the width asked for."""

    lines: tuple[Line, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    """For each line its section and how far into the section's text it begins: comparable across widths."""
    matches: tuple[int, ...] = ()
    """For each place that the query matches the line it begins on, in order."""
    targets: tuple[Target, ...] = ()
    reading_end: int = 0
    """How many lines there are up to the end of abstract and note; what follows repeats and completes."""


class DetailView(Struct, frozen=True):
    """How a paper is to be laid out."""

    width: int
    compact: bool = False
    """One line of links above the abstract; the rest of what is known after the note."""
    raw: bool = False
    """The text as it was read, TeX and all."""
    find: Find | None = None
    match: int = -1
    """The match one stands on, from 0."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """As in the settings."""
    copy_key: str = "y"
    """The key that copies the repository."""


def shown_links(paper: Paper) -> tuple[Link, ...]:
    """The links in the order in which they are shown: the one `y` copies, code, then the other kinds.

    The paper's own page on arXiv (or behind its DOI) is among them also when no source spelt it out.
    """
    links = list(paper.links)
    if paper.arxiv and not any(paper.arxiv in link.url for link in links if link.kind == "paper"):
        links.append(Link(f"https://arxiv.org/abs/{paper.arxiv}", "paper", "arxiv.org"))
    elif not paper.arxiv and paper.doi and not any(paper.doi in link.url.lower() for link in links):
        links.append(Link(f"https://doi.org/{paper.doi}", "paper", "doi.org"))
    best = paper.code_link
    return tuple(sorted(links, key=lambda link: (link != best, LINK_KINDS.index(link.kind))))


def lay_out_detail(paper: Paper, mark: Mark, view: DetailView) -> DetailLayout:
    """The paper and what the reader made of it, in lines of at most `view.width` cells (and of `MEASURE`)."""
    page = _Paper(view)
    links = shown_links(paper)
    page.paragraph(printable(_shown(paper.title, view)) or printable(paper.id), "title")
    page.lines(facts(paper, page.width, view.glyphs, view.date_format))
    all_named = page.authors_line(paper.authors) if not view.compact else not paper.authors
    if not view.compact:
        page.tags(mark)
    if links and view.compact:
        page.link(paper, links[0], more=len(links) - 1)
    elif links:
        page.blank()
        page.links(paper, links)
    if paper.summary.strip() and not view.compact:
        page.blank()
        page.fact("in short", _shown(paper.summary, view))
    page.blank()
    page.section = _ABSTRACT
    page.abstract(_shown(paper.abstract, view))
    if mark.note_text:
        page.section = _NOTE
        page.blank()
        page.note(clean(mark.note_text))
    reading_end = len(page.out)
    page.section = _TAIL
    if view.compact:
        page.after_note(paper, mark, links)
    if paper.keywords:
        page.blank()
        page.fact("keywords", ", ".join(paper.keywords[:_KEYWORDS]))
    if not all_named:
        page.blank()
        page.all_authors(paper.authors)
    return DetailLayout(
        tuple(page.out), tuple(page.places), tuple(page.matches), tuple(page.targets), reading_end
    )


class _Paper(Page):
    """What is known of one paper, part by part."""

    def __init__(self, view: DetailView) -> None:
        super().__init__(max(1, min(view.width, MEASURE)), view.find, view.match)
        self.view = view
        self.section = _HEAD

    def authors_line(self, authors: Sequence[str]) -> bool:
        """As many authors as fit on one line; whether those are all."""
        if not authors:
            return True
        line, count = "", 0
        for author in authors:
            longer = f"{line}, {printable(author)}" if line else printable(author)
            left = len(authors) - count - 1
            if cells(longer) + (len(f" +{left:,}") if left else 0) > self.width:
                break
            line, count = longer, count + 1
        if not count:
            more = f" +{len(authors) - 1:,}" if len(authors) > 1 else ""
            line = cut(printable(authors[0]), self.width - len(more), self.view.glyphs.cut) + more
        elif count < len(authors):
            line += f" +{len(authors) - count:,}"
        self.line([Piece(line, "muted")])
        return count == len(authors)

    def all_authors(self, authors: Sequence[str]) -> None:
        """Every author, as far as that is of use."""
        names = printable(", ".join(authors[:_AUTHORS]))
        if len(authors) > _AUTHORS:
            names += f" and {len(authors) - _AUTHORS:,} more"
        self.lines([Piece(line, "muted")] for line in wrap(names, self.width))

    def fact(self, what: str, text: str) -> None:
        """Something known of the paper beside its text, after the word that says what it is."""
        told = printable(" ".join(f"{what}: {text}".split()))
        self.lines([Piece(line, "muted")] for line in wrap(told, self.width))

    def tags(self, mark: Mark) -> bool:
        """Bookmark and tags, on as many lines as they take; whether there were any."""
        words = [f"{self.view.glyphs.bookmark} bookmarked"] if mark.bookmarked else []
        words += [f"#{printable(tag)}" for tag in mark.tag_names]
        line = ""
        for word in words:
            word = cut(word, self.width, self.view.glyphs.cut)
            if line and cells(line) + 2 + cells(word) > self.width:
                self.line([Piece(line, "yours")])
                line = ""
            line = f"{line}  {word}" if line else word
        if line:
            self.line([Piece(line, "yours")])
        return bool(words)

    def links(self, paper: Paper, links: Sequence[Link]) -> None:
        for link in links[:_LINKS]:
            self.link(paper, link)
        if len(links) > _LINKS:
            self.line([*blanks(2), Piece(f"+{len(links) - _LINKS}", "muted")])

    def link(self, paper: Paper, link: Link, more: int = 0) -> None:
        """One link: `y` where that key copies it, its kind, its address, and how many `more` there are."""
        best = link == paper.code_link
        after = [*blanks(3), Piece(stars(paper.stars), "muted")] if (best and paper.stars) else []
        after += [*blanks(2), Piece(f"+{more}", "muted")] if more else []
        kind = f" {kind_name(link.kind):<{_KIND}}"
        head = [Piece(self.view.copy_key if best else " ", "key"), Piece(kind, "muted")]
        start = width_of(head)
        room = self.width - start - width_of(after)
        shown = cut(as_people_write(link.url), max(8, room), self.view.glyphs.cut)
        self.targets.append(Target(len(self.out), start, start + cells(shown), link.url))
        self.line([*head, Piece(shown, "link" if best else "text"), *after])

    def abstract(self, text: str) -> None:
        paragraphs = [" ".join(part.split()) for part in _PARAGRAPH.split(text)]
        paragraphs = [part for part in paragraphs if part]
        if not paragraphs:
            self.line([Piece(cut("No abstract in any source.", self.width, self.view.glyphs.cut), "muted")])
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.blank()
            self.paragraph(paragraph, "text")

    def note(self, text: str) -> None:
        glyphs = self.view.glyphs
        self.line([Piece(f"{glyphs.note} Note", "yours")])
        bar = [Piece(glyphs.bar, "yours"), *blanks(1)]
        for block in blocks(text, glyphs, raw=self.view.raw):
            self.block(block, bar)

    def after_note(self, paper: Paper, mark: Mark, links: Sequence[Link]) -> None:
        """What a compact layout left out above the abstract."""
        if paper.summary.strip():
            self.blank()
            self.fact("in short", _shown(paper.summary, self.view))
        if mark.bookmarked or mark.tag_names:
            self.blank()
            self.tags(mark)
        if len(links) > 1:
            self.blank()
            self.links(paper, links)


def _shown(text: str, view: DetailView) -> str:
    return clean(text) if view.raw else readable(text)

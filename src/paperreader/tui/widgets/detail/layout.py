"""The layout of one paper: title, facts, authors, tags, links, abstract, note. No colours, no widgets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import LINK_KINDS, Link, Mark, Paper
from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.url_display import display_url, link_kind_label
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.detail.facts import metadata_lines, stars_label
from paperreader.tui.widgets.detail.note_markdown import parse_blocks
from paperreader.tui.widgets.detail.text_flow import LinkRegion, TextFlow
from paperreader.tui.widgets.pieces import Highlighter, StyledLine, TextSpan, padding, span_width

MAX_LINE_WIDTH = 80
"""Longer lines are hard to read: what is left of a wide pane stays empty."""

_MAX_AUTHORS = 500
"""Names in the full list at the end; collaborations have thousands."""
_MAX_LINKS = 20
_MAX_KEYWORDS = 100
_LINK_KIND_WIDTH = 8
"""Cells of the column that says what stands behind a link."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_HEAD, _ABSTRACT, _NOTE, _TAIL = range(4)


class DetailLayout(Struct, frozen=True):
    """A paper in lines of at most the width asked for."""

    lines: tuple[StyledLine, ...] = ()
    text_positions: tuple[tuple[int, int], ...] = ()
    """For each line its section and how far into the section's text it begins: comparable across widths."""
    match_lines: tuple[int, ...] = ()
    """For each place that the query matches the line it begins on, in order."""
    link_regions: tuple[LinkRegion, ...] = ()
    reading_end: int = 0
    """How many lines there are up to the end of abstract and note; what follows repeats and completes."""


class DetailOptions(Struct, frozen=True):
    """How a paper is to be laid out."""

    width: int
    compact: bool = False
    """One line of links above the abstract; the rest of what is known after the note."""
    raw: bool = False
    """The text as it was read, TeX and all."""
    highlighter: Highlighter | None = None
    current_match: int = -1
    """The match one stands on, from 0."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """As in the settings."""
    copy_key: str = "y"
    """The key that copies the repository."""


def ordered_links(paper: Paper) -> tuple[Link, ...]:
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


def layout_detail(paper: Paper, mark: Mark, options: DetailOptions) -> DetailLayout:
    """The paper and what the reader made of it, in lines of at most `view.width` cells (and of `MEASURE`)."""
    page = _PaperLayout(options)
    links = ordered_links(paper)
    page.add_paragraph(single_line(_display_text(paper.title, options)) or single_line(paper.id), "title")
    page.add_lines(metadata_lines(paper, page.width, options.glyphs, options.date_format))
    all_named = page.add_authors_line(paper.authors) if not options.compact else not paper.authors
    if not options.compact:
        page.add_tags(mark)
    if links and options.compact:
        page.add_link(paper, links[0], more=len(links) - 1)
    elif links:
        page.add_blank()
        page.add_links(paper, links)
    if paper.summary.strip() and not options.compact:
        page.add_blank()
        page.add_labelled("in short", _display_text(paper.summary, options))
    page.add_blank()
    page.section = _ABSTRACT
    page.add_abstract(_display_text(paper.abstract, options))
    if mark.note_text:
        page.section = _NOTE
        page.add_blank()
        page.add_note(sanitize(mark.note_text))
    reading_end = len(page.finished_lines)
    page.section = _TAIL
    if options.compact:
        page.add_after_note(paper, mark, links)
    if paper.keywords:
        page.add_blank()
        page.add_labelled("keywords", ", ".join(paper.keywords[:_MAX_KEYWORDS]))
    if not all_named:
        page.add_blank()
        page.add_all_authors(paper.authors)
    return DetailLayout(
        tuple(page.finished_lines),
        tuple(page.text_positions),
        tuple(page.match_lines),
        tuple(page.link_regions),
        reading_end,
    )


class _PaperLayout(TextFlow):
    """What is known of one paper, part by part."""

    def __init__(self, options: DetailOptions) -> None:
        super().__init__(
            max(1, min(options.width, MAX_LINE_WIDTH)), options.highlighter, options.current_match
        )
        self.options = options
        self.section = _HEAD

    def add_authors_line(self, authors: Sequence[str]) -> bool:
        """As many authors as fit on one line; whether those are all."""
        if not authors:
            return True
        line, count = "", 0
        for author in authors:
            longer = f"{line}, {single_line(author)}" if line else single_line(author)
            left = len(authors) - count - 1
            if cell_width(longer) + (len(f" +{left:,}") if left else 0) > self.width:
                break
            line, count = longer, count + 1
        if not count:
            more = f" +{len(authors) - 1:,}" if len(authors) > 1 else ""
            line = (
                truncate_cells(single_line(authors[0]), self.width - len(more), self.options.glyphs.ellipsis)
                + more
            )
        elif count < len(authors):
            line += f" +{len(authors) - count:,}"
        self.add_line([TextSpan(line, "muted")])
        return count == len(authors)

    def add_all_authors(self, authors: Sequence[str]) -> None:
        """Every author, as far as that is of use."""
        names = single_line(", ".join(authors[:_MAX_AUTHORS]))
        if len(authors) > _MAX_AUTHORS:
            names += f" and {len(authors) - _MAX_AUTHORS:,} more"
        self.add_lines([TextSpan(line, "muted")] for line in wrap_cells(names, self.width))

    def add_labelled(self, what: str, text: str) -> None:
        """Something known of the paper beside its text, after the word that says what it is."""
        told = single_line(" ".join(f"{what}: {text}".split()))
        self.add_lines([TextSpan(line, "muted")] for line in wrap_cells(told, self.width))

    def add_tags(self, mark: Mark) -> bool:
        """Bookmark and tags, on as many lines as they take; whether there were any."""
        words = [f"{self.options.glyphs.bookmark} bookmarked"] if mark.bookmarked else []
        words += [f"#{single_line(tag)}" for tag in mark.tag_names]
        line = ""
        for word in words:
            word = truncate_cells(word, self.width, self.options.glyphs.ellipsis)
            if line and cell_width(line) + 2 + cell_width(word) > self.width:
                self.add_line([TextSpan(line, "yours")])
                line = ""
            line = f"{line}  {word}" if line else word
        if line:
            self.add_line([TextSpan(line, "yours")])
        return bool(words)

    def add_links(self, paper: Paper, links: Sequence[Link]) -> None:
        for link in links[:_MAX_LINKS]:
            self.add_link(paper, link)
        if len(links) > _MAX_LINKS:
            self.add_line([*padding(2), TextSpan(f"+{len(links) - _MAX_LINKS}", "muted")])

    def add_link(self, paper: Paper, link: Link, more: int = 0) -> None:
        """One link: `y` where that key copies it, its kind, its address, and how many `more` there are."""
        best = link == paper.code_link
        after = [*padding(3), TextSpan(stars_label(paper.stars), "muted")] if (best and paper.stars) else []
        after += [*padding(2), TextSpan(f"+{more}", "muted")] if more else []
        kind = f" {link_kind_label(link.kind):<{_LINK_KIND_WIDTH}}"
        head = [TextSpan(self.options.copy_key if best else " ", "key"), TextSpan(kind, "muted")]
        start = span_width(head)
        room = self.width - start - span_width(after)
        shown = truncate_cells(display_url(link.url), max(8, room), self.options.glyphs.ellipsis)
        self.link_regions.append(
            LinkRegion(len(self.finished_lines), start, start + cell_width(shown), link.url)
        )
        self.add_line([*head, TextSpan(shown, "link" if best else "text"), *after])

    def add_abstract(self, text: str) -> None:
        paragraphs = [" ".join(part.split()) for part in _PARAGRAPH.split(text)]
        paragraphs = [part for part in paragraphs if part]
        if not paragraphs:
            self.add_line(
                [
                    TextSpan(
                        truncate_cells(
                            "No abstract in any source.", self.width, self.options.glyphs.ellipsis
                        ),
                        "muted",
                    )
                ]
            )
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.add_blank()
            self.add_paragraph(paragraph, "text")

    def add_note(self, text: str) -> None:
        glyphs = self.options.glyphs
        self.add_line([TextSpan(f"{glyphs.note} Note", "yours")])
        bar = [TextSpan(glyphs.vertical_line, "yours"), *padding(1)]
        for block in parse_blocks(text, glyphs, raw=self.options.raw):
            self.add_block(block, bar)

    def add_after_note(self, paper: Paper, mark: Mark, links: Sequence[Link]) -> None:
        """What a compact layout left out above the abstract."""
        if paper.summary.strip():
            self.add_blank()
            self.add_labelled("in short", _display_text(paper.summary, self.options))
        if mark.bookmarked or mark.tag_names:
            self.add_blank()
            self.add_tags(mark)
        if len(links) > 1:
            self.add_blank()
            self.add_links(paper, links)


def _display_text(text: str, options: DetailOptions) -> str:
    return sanitize(text) if options.raw else tex_to_unicode(text)

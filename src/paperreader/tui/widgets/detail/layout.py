"""Layout of the detail pane: title, metadata, authors, tags, links, abstract, the texts of the user. No widgets."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import LINK_KINDS, FindMatches, Link, Mark, Paper
from paperreader.text.categories import all_categories
from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import readable_text
from paperreader.text.url_display import display_url, link_kind_label
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.detail.fit import Fit, fit_line
from paperreader.tui.widgets.detail.metadata import metadata_lines, stars_label
from paperreader.tui.widgets.detail.own_texts import OwnTexts
from paperreader.tui.widgets.detail.text_flow import MAX_TEXT_CHARS, LinkRegion, TextFlow
from paperreader.tui.widgets.text_line import StyledLine, TextSpan, padding, span_width

MAX_LINE_WIDTH = 80
"""Cells of a line. Longer lines are hard to read, so the rest of a wide pane stays empty."""

MAX_SENTENCE_CHARS = 1000
"""Of a sentence of the full text; some are tables."""

MAX_TITLE_CHARS = 5_000
"""Of a title that is shown. Longer ones are no titles."""

_MAX_AUTHORS = 500
"""Names in the full author list; collaborations have thousands."""
_MAX_LINKS = 20
_MAX_KEYWORDS = 100
_LINK_KIND_WIDTH = 8
"""Cells of the column with the kind of a link."""
_PARAGRAPH = lazy_pattern(r"\n[ \t]*\n\s*")
_HEAD, _ABSTRACT, _NOTE, _TAIL = range(4)


class DetailLayout(Struct, frozen=True):
    """The lines of a paper."""

    lines: tuple[StyledLine, ...] = ()
    text_positions: tuple[tuple[int, int], ...] = ()
    """Section of each line and its offset in the text of the section; comparable across widths."""
    match_lines: tuple[int, ...] = ()
    """The line of the start of each match, in order."""
    link_regions: tuple[LinkRegion, ...] = ()
    reading_end: int = 0
    """Number of lines up to the end of abstract and note. The rest is additional information."""


class DetailOptions(Struct, frozen=True):
    """Options of the layout."""

    width: int
    compact: bool = False
    """Show one line of links above the abstract, and the rest of the metadata after the note."""
    raw: bool = False
    """Show the text as it was imported, with its TeX."""
    find_matches: FindMatches | None = None
    current_match: int = -1
    """Index of the selected match; -1 for none."""
    sentence: str = ""
    """A sentence of the full text that matches, on one line."""
    facts: tuple[str, ...] = ()
    """What this machine knows about the paper beside the library."""
    fit: Fit | None = None
    """How well the paper fits the user; None to leave that out."""
    glyphs: Glyphs = UNICODE
    date_format: str = "short"
    """The date format of the settings."""
    copy_key: str = "y"
    """The key that copies the repository URL."""


def ordered_links(paper: Paper) -> tuple[Link, ...]:
    """Return the links in display order: the repository that `y` copies, other code, then the other kinds.

    The paper's page at arXiv (or at its DOI) is added when no source has it.
    """
    links = list(paper.links)
    if paper.arxiv and not any(paper.arxiv in link.url for link in links if link.kind == "paper"):
        links.append(Link(f"https://arxiv.org/abs/{paper.arxiv}", "paper", "arxiv.org"))
    elif not paper.arxiv and paper.doi and not any(paper.doi in link.url.lower() for link in links):
        links.append(Link(f"https://doi.org/{paper.doi}", "paper", "doi.org"))
    best = paper.code_link
    return tuple(sorted(links, key=lambda link: (link != best, LINK_KINDS.index(link.kind))))


def layout_detail(paper: Paper, mark: Mark, options: DetailOptions) -> DetailLayout:
    """Lay out a paper and its mark in lines of at most `options.width` and `MAX_LINE_WIDTH` cells."""
    page = _PaperLayout(options)
    links = ordered_links(paper)
    page.add_paragraph(
        single_line(_display_text(paper.title[:MAX_TITLE_CHARS], options)) or single_line(paper.id), "title"
    )
    page.add_facts(paper)
    all_named = page.add_authors_line(paper.credited) if not options.compact else not paper.credited
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
    if options.sentence:
        page.add_blank()
        page.add_sentence(options.sentence)
    page.add_blank()
    page.section = _ABSTRACT
    page.add_abstract(_display_text(paper.abstract, options))
    page.add_omitted(paper.abstract)
    page.section = _NOTE
    OwnTexts(page, options.glyphs, options.raw, options.date_format).add(mark)
    reading_end = len(page.finished_lines)
    page.section = _TAIL
    if options.compact:
        page.add_after_note(paper, mark, links)
    if paper.keywords:
        page.add_blank()
        page.add_labelled("keywords", ", ".join(paper.keywords[:_MAX_KEYWORDS]))
    if categories := all_categories(paper):
        page.add_blank()
        page.add_labelled("categories", ", ".join(categories[:_MAX_KEYWORDS]))
    if not all_named:
        page.add_blank()
        page.add_all_authors(paper.credited)
    return DetailLayout(
        tuple(page.finished_lines),
        tuple(page.text_positions),
        tuple(page.match_lines),
        tuple(page.link_regions),
        reading_end,
    )


class _PaperLayout(TextFlow):
    """Lays out the parts of one paper."""

    def __init__(self, options: DetailOptions) -> None:
        super().__init__(
            max(1, min(options.width, MAX_LINE_WIDTH)), options.find_matches, options.current_match
        )
        self.options = options
        self.section = _HEAD

    def add_facts(self, paper: Paper) -> None:
        """Add date, id, sources and other facts, and how well the paper fits the user, if it is rated."""
        options = self.options
        lines = metadata_lines(paper, self.width, options.glyphs, options.date_format, facts=options.facts)
        self.add_lines(lines)
        if options.fit is not None:
            self.add_line(fit_line(options.fit, self.width, options.glyphs))

    def add_authors_line(self, authors: Sequence[str]) -> bool:
        """Add as many authors as fit on one line, those that match the query after the first one.

        Return whether these are all, in their order.
        """
        if not authors:
            return True
        first, *others = authors
        find = self.options.find_matches
        matching = [name for name in others if find is not None and find(single_line(name))]
        ordered = authors
        line, count = "", 0
        if matching and cell_width(", ".join(map(single_line, authors))) > self.width:
            ordered = (first, *dict.fromkeys((*matching, *others)))
        for author in ordered:
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
        self.add_paragraph(line, "muted")
        return count == len(authors)

    def add_all_authors(self, authors: Sequence[str]) -> None:
        """Add all authors, up to a limit."""
        names = single_line(", ".join(authors[:_MAX_AUTHORS]))
        if len(authors) > _MAX_AUTHORS:
            names += f" and {len(authors) - _MAX_AUTHORS:,} more"
        self.add_lines([TextSpan(line, "muted")] for line in wrap_cells(names, self.width))

    def add_labelled(self, label: str, text: str) -> None:
        """Add a text after its label."""
        labelled = single_line(" ".join(f"{label}: {text}".split()))
        self.add_lines([TextSpan(line, "muted")] for line in wrap_cells(labelled, self.width))

    def add_tags(self, mark: Mark) -> bool:
        """Add bookmark, tags and what hides the paper, on as many lines as necessary. Return whether there are any."""
        words = [f"{self.options.glyphs.bookmark} bookmarked"] if mark.bookmarked else []
        flags = (("hidden", mark.is_hidden), ("deleted", mark.is_deleted), ("less of this", mark.is_disliked))
        words += [word for word, is_set in flags if is_set]
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
        """Add a link: the copy key of the repository, its kind, its URL, and the number of further links."""
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
                        truncate_cells("No abstract available", self.width, self.options.glyphs.ellipsis),
                        "muted",
                    )
                ]
            )
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.add_blank()
            self.add_paragraph(paragraph, "text")

    def add_sentence(self, sentence: str) -> None:
        self.add_line([TextSpan("In the full text", "muted")])
        bar = [TextSpan(self.options.glyphs.vertical_line, "muted"), *padding(1)]
        self.add_paragraph(sentence[:MAX_SENTENCE_CHARS], "text", bar)

    def add_after_note(self, paper: Paper, mark: Mark, links: Sequence[Link]) -> None:
        """Add what the compact layout leaves out above the abstract."""
        if paper.summary.strip():
            self.add_blank()
            self.add_labelled("in short", _display_text(paper.summary, self.options))
        if mark.bookmarked or mark.is_disliked or mark.tag_names:
            self.add_blank()
            self.add_tags(mark)
        if len(links) > 1:
            self.add_blank()
            self.add_links(paper, links)


def _display_text(text: str, options: DetailOptions) -> str:
    """Return a text, or its beginning, as it is shown."""
    return (sanitize if options.raw else readable_text)(text[:MAX_TEXT_CHARS])

"""What is known about the papers that a full text refers to: which are in the library, with which marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from paperreader.errors import StorageError
from paperreader.fulltext import Document, Notes, Reference, Span, block_text
from paperreader.library import Library
from paperreader.models import Mark
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import readable_text
from paperreader.text.urls import safe_url
from paperreader.tui.terminal.glyphs import Glyphs

PAPER_TARGET = "paper:"
"""Begins the target of a note, before the index of the reference. No page can contain it: it is no web address."""

WITHOUT_ID = "Not in the library. Paste its id or URL into the list to add it"

MAX_TAGS = 5
"""Tags that a note lists."""


class KnownPaper(NamedTuple):
    """A paper of the library."""

    id: str
    title: str


def known_papers(library: Library, document: Document) -> Mapping[int, KnownPaper]:
    """Return the papers of the references that are in the library, by the index of their blocks.

    For a worker: about 0.3 ms for each reference.
    """
    table = library.table
    rows = library.full_texts.references(document)
    if library.table.generation != table.generation:
        return known_papers(library, document)  # rows have other numbers now
    found: dict[int, KnownPaper] = {}
    for index, row in rows.items():
        try:
            paper = table.paper(row)
        except StorageError:
            continue  # the line is damaged, which `check` reports
        found[index] = KnownPaper(paper.id, single_line(readable_text(paper.title)))
    return found


def mark_of(library: Library, paper: KnownPaper) -> Mark | None:
    """Return the mark of a paper; None if it is not in the library any more."""
    row = library.table.row_of(paper.id)
    return library.mark(row) if row is not None else None


def reference_notes(library: Library, papers: Mapping[int, KnownPaper], glyphs: Glyphs) -> Notes:
    """Return a note for each reference that is in the library. A click on it opens the paper."""
    marks = ((index, mark_of(library, paper)) for index, paper in papers.items())
    return {
        index: tuple(_note_spans(mark, glyphs, f"{PAPER_TARGET}{index}"))
        for index, mark in marks
        if mark is not None
    }


def missing_note(document: Document, index: int) -> Span:
    """Return the note of an overview of a reference that is not in the library, and what to do about it."""
    if arxiv_id_of(document, index):
        return Span("Not in the library. enter adds it", "muted")
    return Span("Not in the library" if link_of(document, index) else WITHOUT_ID, "muted")


def _note_spans(mark: Mark, glyphs: Glyphs, target: str) -> Iterator[Span]:
    yield Span(f"{glyphs.selected} in the library", "link", target=target)
    for text in mark_texts(mark, glyphs):
        yield Span(f"  {text}", "label" if text.startswith(glyphs.bookmark) else "muted")


def mark_texts(mark: Mark, glyphs: Glyphs) -> Iterator[str]:
    """Yield the marks of a paper in words."""
    if mark.bookmarked:
        yield f"{glyphs.bookmark} bookmarked"
    if mark.is_read:
        yield "read"
    if mark.note_text:
        yield "note"
    if mark.is_deleted:
        yield "deleted"
    elif mark.is_hidden:
        yield "hidden"
    names = mark.tag_names
    yield from (f"#{single_line(name)}" for name in names[:MAX_TAGS])
    if len(names) > MAX_TAGS:
        yield f"+{len(names) - MAX_TAGS}"


def arxiv_id_of(document: Document, index: int) -> str:
    """Return the arXiv id that a reference names; empty for none, and for other blocks."""
    block = document.blocks[index] if 0 <= index < len(document.blocks) else None
    ids = block.ids if isinstance(block, Reference) else ()
    return next((id.removeprefix("arxiv:") for id in ids if id.startswith("arxiv:")), "")


def link_of(document: Document, index: int) -> str:
    """Return the first link to a page in a reference, else that of its id; empty for none, and for other blocks."""
    block = document.blocks[index] if 0 <= index < len(document.blocks) else None
    if not isinstance(block, Reference):
        return ""
    links = (piece.target for piece in block.content if safe_url(piece.target))
    dois = (f"https://doi.org/{id.removeprefix('doi:')}" for id in block.ids if id.startswith("doi:"))
    arxiv = arxiv_id_of(document, index)
    page = f"https://arxiv.org/abs/{arxiv}" if arxiv else ""
    return next(links, "") or next((url for url in dois if safe_url(url)), page)


def reference_title(block: Reference) -> str:
    """Return the title of a reference; if only its whole text is known, that, without its label."""
    if block.title:
        return single_line(block.title)
    text = block_text(block)
    return single_line(text.partition("\n")[2] if block.label else text)

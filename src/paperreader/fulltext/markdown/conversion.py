"""Convert Markdown to a document."""

from __future__ import annotations

from markdown_it import MarkdownIt
from msgspec.structs import replace

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Cell,
    Document,
    Heading,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
)
from paperreader.fulltext.errors import NotAFullText
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.lines import block_lines
from paperreader.fulltext.markdown.blocks import MarkdownBlocks
from paperreader.fulltext.markdown.header import read_header
from paperreader.fulltext.markdown.inline import protect_tex
from paperreader.fulltext.markdown.targets import keep_known_targets, targets_of, with_anchors

_MIN_LETTERS = 200
"""Letters of a text that is worth reading."""


def convert_markdown(data: bytes, url: str = "") -> Document:
    """Return the full text in Markdown that was loaded from `url`.

    Raises:
        NotAFullText: it is an error page, HTML, a web page that is not the paper, or nearly empty.
    """
    page = read_header(data, url)
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["escape", "code"])
    blocks = MarkdownBlocks(PageLinks(page.url, "", page.arxiv, page.version, frozenset()))
    blocks.read(parser.parse(protect_tex(page.text)))
    title = blocks.title or ((Piece(page.title),) if page.title else ())
    letters = sum(len(piece.text) for block in blocks.found for line in block_lines(block) for piece in line)
    if letters < _MIN_LETTERS:
        raise NotAFullText("The page contains no text of a paper.")
    targets = targets_of(blocks.found)
    found = with_anchors(blocks.found, targets)
    known = frozenset(anchor for block in found for anchor in block.anchors)
    return Document(
        title=title,
        blocks=tuple(_with_known_targets(block, known, page.url) for block in found),
        source="huggingface",
        arxiv=page.arxiv,
        version=page.version,
        authors=tuple(blocks.authors),
        url=page.url,
    )


def _with_known_targets(block: AnyBlock, known: frozenset[str], url: str) -> AnyBlock:
    """Return a block whose links lead to blocks of the document, or to the page."""
    if isinstance(block, Heading | Paragraph | Caption | Reference):
        return replace(block, content=keep_known_targets(block.content, known, url))
    if isinstance(block, Table):
        rows = tuple(Row(tuple(_cell(cell, known, url) for cell in row.cells)) for row in block.rows)
        return replace(block, rows=rows)
    return block


def _cell(cell: Cell, known: frozenset[str], url: str) -> Cell:
    return replace(cell, content=tuple(keep_known_targets(text, known, url) for text in cell.content))

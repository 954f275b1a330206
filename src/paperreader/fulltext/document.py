"""The full text of a paper as a sequence of blocks, independent of where it came from and of how it is shown.

Blocks are flat: a paragraph in a list in a theorem is a `Paragraph` whose `inside` names the theorem and the list item.
Formulas stay TeX, so that a better conversion to Unicode improves texts that are stored already. Everything is text of
strangers: it may contain control characters, and addresses of any scheme.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from msgspec import Struct

PieceKind = Literal["text", "math", "image"]

ContainerKind = Literal["abstract", "item", "quote", "theorem", "proof", "box", "float", "appendix"]

FloatKind = Literal["figure", "table", "algorithm", "listing", "other"]

SourceName = Literal["arxiv-html", "ar5iv-html", "pdf", "huggingface"]
"""Where a full text came from: the page of arXiv, that of ar5iv, the text of the PDF, or Hugging Face's Markdown."""


class Piece(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A part of a line of text with one style and one target."""

    text: str
    """Text, in which a newline is a line end that the author wanted; TeX without delimiters for `math`, the alternative
    text for `image`."""
    kind: PieceKind = "text"
    style: str = ""
    """Letters: `b` bold, `i` italic, `c` monospaced, `^` superscript, `_` subscript, `s` small capitals, `e` a macro
    that the converter did not understand."""
    target: str = ""
    """`#anchor` in this document, or a URL; the address of the file for `image`."""


Text = tuple[Piece, ...]


class Container(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What a block is inside of. All blocks of one list item or theorem have the same container."""

    kind: ContainerKind
    number: int
    """Distinguishes the containers of a document."""
    marker: str = ""
    """Shown in front of the first block of an item: `•` or `2.`"""


class Block(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What all blocks have in common."""

    anchors: tuple[str, ...] = ()
    """The ids of the page that lead to this block, without `#`."""
    inside: tuple[Container, ...] = ()
    """The outermost container first."""


class Heading(Block, frozen=True, tag="heading"):
    """The title of a section, of a theorem or proof (then it is inside it), or a heading in a line."""

    content: Text
    level: int
    """1 for sections, 2 for subsections; 5 for one that begins a paragraph; 6 for that of a theorem or proof."""
    number: str = ""
    """`3.1` or `A`, without a dot at the end; `Theorem 2` for theorems."""


class Paragraph(Block, frozen=True, tag="paragraph"):
    """Running text."""

    content: Text


class EquationRow(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A line of a displayed formula."""

    cells: tuple[str, ...]
    """TeX of the columns between the alignment marks; usually one."""
    number: str = ""
    """`(3)`, as the page shows it."""
    anchors: tuple[str, ...] = ()


class Equation(Block, frozen=True, tag="equation"):
    """A displayed formula, or several aligned ones."""

    rows: tuple[EquationRow, ...]


class CodeLine(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A line of a listing or an algorithm."""

    content: Text
    number: str = ""
    indent: int = 0
    """Levels, for algorithms; in listings the spaces are part of the text."""


class Code(Block, frozen=True, tag="code"):
    """A listing, in which spaces count, or an algorithm, in which they do not."""

    lines: tuple[CodeLine, ...]
    is_algorithm: bool = False
    language: str = ""


class Cell(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A cell of a table."""

    content: tuple[Text, ...] = ()
    """Its lines or paragraphs."""
    columns: int = 1
    rows: int = 1
    """How many columns and rows it spans."""
    align: str = ""
    """`l`, `c`, `r`, or empty."""
    is_header: bool = False
    rules: str = ""
    """Rules at its sides: any of `t`, `b`, `l`, `r`."""


class Row(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A row of a table. Cells that span rows are only in the first one."""

    cells: tuple[Cell, ...]


class Table(Block, frozen=True, tag="table"):
    """Rows of cells. Its caption is a block next to it, inside the same container `float`."""

    rows: tuple[Row, ...]


class Image(Struct, frozen=True, array_like=True, omit_defaults=True):
    """One picture."""

    address: str
    """Absolute URL."""
    alternative: str = ""
    width: int = 0
    height: int = 0
    """Pixels, 0 if unknown."""


class Figure(Block, frozen=True, tag="figure"):
    """One or several pictures. Its caption is a block next to it, inside the same container `float`."""

    images: tuple[Image, ...]


class Caption(Block, frozen=True, tag="caption"):
    """The caption of a figure, table, algorithm or listing."""

    label: str
    """`Figure 1`, without a colon; empty for a caption without a number."""
    content: Text
    of: FloatKind = "other"


class Footnote(Block, frozen=True, tag="footnote"):
    """A footnote, after the block that refers to it."""

    mark: str
    content: Text


class Reference(Block, frozen=True, tag="reference"):
    """An entry of the bibliography."""

    label: str
    """`[3]` or `Writer (2025)`, as the page shows it; may be empty."""
    content: Text
    title: str = ""
    """Where the page marks it; mostly unknown."""
    ids: tuple[str, ...] = ()
    """What its text and links name: `arxiv:2501.01234`, `doi:10.1000/x`, normalized as the ids of papers."""
    cited_by: Text = ()
    """`Cited by: §1, §2.3` with links, where the page says so."""


AnyBlock = Heading | Paragraph | Equation | Code | Table | Figure | Caption | Footnote | Reference


class Document(Struct, frozen=True, omit_defaults=True, dict=True):
    """The full text of one version of a paper."""

    title: Text
    blocks: tuple[AnyBlock, ...]
    source: SourceName
    arxiv: str = ""
    """Id without version, if known."""
    version: int = 0
    """The version, if known."""
    date: str = ""
    """`2025-08-01`, the date of the version, if the page states it."""
    license: str = ""
    """`CC BY 4.0`, as the page names it."""
    authors: tuple[Text, ...] = ()
    """Names, affiliations and addresses, one line each, as the page has them."""
    url: str = ""
    """Where it came from."""
    errors: int = 0
    """Macros that the converter of the page did not understand."""
    is_cut: bool = False
    """Whether the page ended in the middle; what was before is there."""

    @cached_property
    def anchors(self) -> dict[str, int]:
        """The index of the block of each anchor. Of equal anchors the first one counts."""
        found: dict[str, int] = {}
        for index, block in enumerate(self.blocks):
            for anchor in _anchors_of(block):
                found.setdefault(anchor, index)
        return found


def _anchors_of(block: AnyBlock) -> Iterator[str]:
    yield from block.anchors
    if isinstance(block, Equation):
        for row in block.rows:
            yield from row.anchors

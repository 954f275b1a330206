"""A full text as Markdown (CommonMark with tables, footnotes and formulas between dollar signs)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Cell,
    Code,
    Container,
    Document,
    Equation,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Reference,
    Row,
    SourceName,
    Table,
    Text,
)
from paperreader.fulltext.render.inline import inline_markdown, plain_text, tex_markdown
from paperreader.text.markdown import escape_markdown
from paperreader.text.sanitize import single_line
from paperreader.text.urls import safe_url

_SOURCE_NOTES: Mapping[SourceName, str] = {
    "pdf": "Text of the PDF: formulas and tables are incomplete.",
    "huggingface": "Markdown of Hugging Face: formulas, tables and references are incomplete.",
}
_MAX_HEADING_LEVEL = 6
_RUN_IN_LEVEL = 5
"""Headings from this level on begin a paragraph."""

MAX_COLUMNS = 1000
"""Columns of a table; what is right of them is left out."""


def render_markdown(document: Document) -> Iterator[str]:
    """Yield the lines of a document."""
    renderer = _Renderer(document)
    yield from renderer.head()
    for block in document.blocks:
        yield from renderer.block(block)


class _Renderer:
    """Renders the blocks of one document, in their order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._footnotes: dict[str, str] = {}
        names = (f"{number}" for number, _ in enumerate(document.blocks, 1))
        for block in document.blocks:
            if isinstance(block, Footnote):
                self._footnotes.update(dict.fromkeys(block.anchors, next(names)))
        self._items: set[int] = set()
        """The containers of list items whose marker was shown."""

    def head(self) -> Iterator[str]:
        """Yield title, authors and origin."""
        document = self._document
        yield f"# {self._inline(document.title) or 'Untitled'}"
        for author in document.authors:
            yield from ("", self._inline(author))
        version = f"v{document.version}" if document.version else ""
        facts = [f"arXiv:{document.arxiv}{version}"] if document.arxiv else []
        facts += [fact for fact in (document.date, document.license) if fact]
        if note := _SOURCE_NOTES.get(document.source):
            facts.append(note)
        if facts:
            yield from ("", escape_markdown(single_line(" · ".join(facts))))

    def block(self, block: AnyBlock) -> Iterator[str]:
        """Yield an empty line, and the lines of a block, indented as its containers are."""
        first, rest = self._margins(block.inside)
        yield rest.rstrip()
        for number, line in enumerate(self._lines(block)):
            yield f"{rest if number else first}{line}".rstrip()

    def _lines(self, block: AnyBlock) -> Iterator[str]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph():
                yield self._inline(block.content)
            case Equation():
                yield from _equation(block)
            case Code():
                yield from _code(block)
            case Table():
                yield from self._table(block.rows)
            case Figure():
                yield from _figure(block)
            case Caption():
                label = f"**{escape_markdown(block.label)}:** " if block.label else ""
                yield f"{label}{self._inline(block.content)}"
            case Footnote():
                name = next((self._footnotes[anchor] for anchor in block.anchors), "")
                mark = f"[^{name}]: " if name else f"{escape_markdown(block.mark)} "
                yield f"{mark}{self._inline(block.content)}"
            case Reference():
                label = f"{escape_markdown(block.label)} " if block.label else ""
                yield f"{label}{self._inline(block.content)}"

    def _heading(self, block: Heading) -> str:
        text = self._inline(block.content)
        shown = f"{escape_markdown(block.number)} {text}" if block.number else text
        if block.level >= _RUN_IN_LEVEL:
            return f"**{shown}**" if shown and "**" not in shown else shown
        return f"{'#' * min(block.level + 1, _MAX_HEADING_LEVEL)} {shown}"

    def _inline(self, text: Text) -> str:
        return inline_markdown(text, self._footnotes)

    def _margins(self, containers: Sequence[Container]) -> tuple[str, str]:
        """Return what precedes the first and the other lines of a block inside these containers."""
        first = rest = ""
        for container in containers:
            if container.kind in ("quote", "box"):
                first, rest = f"{first}> ", f"{rest}> "
            elif container.kind == "item":
                marker = _marker(container.marker)
                is_new = container.number not in self._items
                self._items.add(container.number)
                space = " " * len(marker)
                first, rest = f"{first}{marker if is_new else space}", f"{rest}{space}"
        return first, rest

    def _table(self, rows: Sequence[Row]) -> Iterator[str]:
        grid = [self._row(row) for row in rows]
        width = min(max(map(len, grid), default=0), MAX_COLUMNS)
        for number, cells in enumerate(grid):
            yield f"| {' | '.join((cells + [''] * width)[:width])} |"
            if number == 0:
                yield f"|{' --- |' * width}"

    def _row(self, row: Row) -> list[str]:
        cells: list[str] = []
        for cell in row.cells:
            cells += [self._cell(cell), *[""] * (min(cell.columns, MAX_COLUMNS) - 1)]
        return cells

    def _cell(self, cell: Cell) -> str:
        return " <br> ".join(self._inline(line) for line in cell.content)


def _marker(marker: str) -> str:
    number = marker.strip().rstrip(".)").removeprefix("(")
    return f"{number}. " if number.isascii() and number.isdigit() and len(number) < 9 else "- "


def _equation(block: Equation) -> Iterator[str]:
    rows = [
        " & ".join(tex_markdown(cell) for cell in row.cells)
        + (rf" \tag*{{{_tag(row.number)}}}" if row.number else "")
        for row in block.rows
    ]
    yield "$$"
    if len(rows) == 1 and len(block.rows[0].cells) == 1:
        yield rows[0]
    else:
        yield r"\begin{aligned}"
        yield from (f"{row} \\\\" for row in rows)
        yield r"\end{aligned}"
    yield "$$"


def _tag(number: str) -> str:
    return "".join(char for char in single_line(number) if char.isalnum() or char in "().-* ′'")


def _code(block: Code) -> Iterator[str]:
    lines = [
        f"{line.number + ' ' if line.number and block.is_algorithm else ''}{'  ' * min(line.indent, 20)}"
        f"{plain_text(line.content) if block.is_algorithm else ''.join(piece.text for piece in line.content)}"
        for line in block.lines
    ]
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.strip, lines)), default=0)
    fence = "`" * max(3, longest + 1)
    language = "".join(char for char in block.language if char.isalnum() or char in "+#-")
    yield f"{fence}{language}"
    yield from (line.replace("\n", " ").replace("\r", " ") for line in lines)
    yield fence


def _figure(block: Figure) -> Iterator[str]:
    for image in block.images:
        alternative = escape_markdown(image.alternative or "Image")
        url = safe_url(image.address)
        yield f"![{alternative}](<{url}>)" if url else alternative

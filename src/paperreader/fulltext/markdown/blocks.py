"""Convert the block tokens of markdown-it to blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    ContainerKind,
    Equation,
    EquationRow,
    Figure,
    FloatKind,
    Heading,
    Image,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
    Text,
)
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.formulas import clean_tex
from paperreader.fulltext.html.inline import strip_start
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.markdown.inline import FORMULA, read_inline, restore_tex
from paperreader.fulltext.markdown.tex_runs import split_formula
from paperreader.fulltext.reference_ids import find_ids
from paperreader.fulltext.residue import is_environment_name, is_residue

_NUMBERED = re.compile(
    r"(?:Appendix\s+)?((?:[0-9]{1,2}|[IVX]{1,5}|[A-Z](?=\.[0-9]|-[A-Z0-9]))(?:[.-][0-9A-Z]{1,3}){0,4})\.?\s+(?=\S)"
)
_APPENDIX = re.compile(r"Appendix\s+([A-Z])\.?\s*")
_CAPTION = re.compile(
    r"(Figure|Fig\.|Table|TABLE|Algorithm|Listing)\s+([0-9IVXA-Z][0-9IVXA-Z.]{0,6}?)[.:]\s+"
)
_BIBLIOGRAPHY = re.compile(r"(?:references|bibliography)\W*\Z", re.IGNORECASE)
_ABSTRACT = re.compile(r"abstract\W*\Z", re.IGNORECASE)
_REFERENCE_LABEL = re.compile(r"\[([^\]]{1,40})\]\s*")
_FLOATS: dict[str, FloatKind] = {
    "Figure": "figure",
    "Fig.": "figure",
    "Table": "table",
    "TABLE": "table",
    "Algorithm": "algorithm",
    "Listing": "listing",
}
_ALIGNMENTS = {"text-align:left": "l", "text-align:center": "c", "text-align:right": "r"}
_DISPLAYED = re.compile(r"\$\$(.+)\$\$\s*\Z", re.DOTALL)


class MarkdownBlocks:
    """Collects blocks."""

    def __init__(self, links: PageLinks) -> None:
        self.title: Text = ()
        self.authors: list[Text] = []
        self.found: list[AnyBlock] = []
        self._links = links
        self._inside: list[Container] = []
        self._abstract: tuple[Container, ...] = ()
        self._lists: list[int | None] = []
        """The next number of each open list; None for one with bullets."""
        self._is_bibliography = False
        self._follows_name = False
        self._count = 0

    def read(self, tokens: Sequence[Token]) -> None:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type in ("heading_open", "paragraph_open"):
                inline = tokens[index + 1]
                content = read_inline(inline.children or (), self._links)
                if token.type == "heading_open":
                    self._add_heading(content, int(token.tag[1]))
                else:
                    self._add_unless_residue(content, restore_tex(inline.content))
                index += 2
            elif token.type == "table_open":
                index = self._add_table(tokens, index)
            elif token.type == "fence":
                self._add_code(token)
            else:
                self._change_container(token)
            index += 1

    def _add_unless_residue(self, content: Text, source: str) -> None:
        """Add a paragraph, unless it is the name of an environment that was not understood, or its arguments."""
        follows_name, self._follows_name = self._follows_name, is_environment_name(source)
        if not self._follows_name and not (follows_name and is_residue(source)):
            self._add_paragraph(content, source)

    def _change_container(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrs.get("start", 1)
            self._lists.append(None if token.type == "bullet_list_open" else int(start))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            number = self._lists[-1]
            if number is not None:
                self._lists[-1] = number + 1
            self._enter("item", "•" if number is None else f"{number}.")
        elif token.type == "blockquote_open":
            self._enter("quote")
        elif token.type in ("list_item_close", "blockquote_close"):
            self._inside.pop()

    def _enter(self, kind: ContainerKind, marker: str = "") -> None:
        self._count += 1
        self._inside.append(Container(kind, self._count, marker))

    def _containers(self) -> tuple[Container, ...]:
        return (*self._abstract, *self._inside)

    def _add_heading(self, content: Text, level: int) -> None:
        shown = label_text(content)
        if level == 1 and not self.title and not self.found:
            self.title = content
            return
        self._abstract = ()
        if _ABSTRACT.match(shown):
            self._take_authors()
            self._count += 1
            self._abstract = (Container("abstract", self._count),)
        self._is_bibliography = _BIBLIOGRAPHY.match(shown) is not None
        number = _APPENDIX.match(shown) or _NUMBERED.match(shown)
        if number and content[0].kind == "text" and content[0].text.startswith(number[0].rstrip()):
            content = strip_start(
                (Piece(content[0].text[len(number[0].rstrip()) :], "text", content[0].style), *content[1:]),
                " .",
            )
        shown_level = 1 if level == 6 and self._abstract else 5 if level == 6 else max(1, level - 1)
        self.found.append(
            Heading(
                content=content,
                level=min(shown_level, 5),
                number=number[1] if number else "",
                inside=self._containers(),
            )
        )

    def _take_authors(self) -> None:
        """Take what stands before the abstract for the names and addresses of the authors."""
        if all(isinstance(block, Paragraph) for block in self.found):
            self.authors = [block.content for block in self.found if isinstance(block, Paragraph)]
            self.found = []

    def _add_paragraph(self, content: Text, source: str) -> None:
        inside = self._containers()
        if self._inside and self._inside[-1].marker and not (self.found and self.found[-1].inside == inside):
            content = _without_marker(content, self._inside[-1].marker)
        pictures = [piece for piece in content if piece.kind == "image"]
        if pictures and all(piece.kind == "image" or not piece.text.strip() for piece in content):
            self.found.append(
                Figure(images=tuple(Image(piece.target, piece.text) for piece in pictures), inside=inside)
            )
            return
        if displayed := _DISPLAYED.match(source):
            self._add_equation(displayed[1])
            return
        if (
            FORMULA not in source
            and not any(piece.target for piece in content)
            and (formula := split_formula(source))
        ):
            self._add_equation(*formula)
            return
        if content and all(piece.kind == "math" or not piece.text.strip() for piece in content):
            self._add_equation(" ".join(piece.text for piece in content))
            return
        if self._is_bibliography and content:
            self._add_reference(content)
            return
        if content and content[0].kind == "text" and (found := _CAPTION.match(content[0].text)):
            rest = Piece(content[0].text[found.end() :], "text", content[0].style, content[0].target)
            self.found.append(
                Caption(
                    label=f"{found[1]} {found[2]}",
                    content=(rest, *content[1:]),
                    of=_FLOATS[found[1]],
                    inside=inside,
                )
            )
        elif content:
            self.found.append(Paragraph(content=content, inside=inside))

    def _add_equation(self, tex: str, number: str = "") -> None:
        row = EquationRow((clean_tex(tex),), number)
        self.found.append(Equation(rows=(row,), inside=self._containers()))

    def _add_reference(self, content: Text) -> None:
        label = self._inside[-1].marker.replace("•", "") if self._inside else ""
        if content[0].kind == "text" and (found := _REFERENCE_LABEL.match(content[0].text)):
            label = f"[{found[1]}]"
            content = _without_start(content, found.end())
        text = "".join(piece.text for piece in content if piece.kind == "text")
        self.found.append(
            Reference(
                label=label,
                content=content,
                ids=find_ids(text, [piece.target for piece in content if piece.target]),
            )
        )

    def _add_code(self, token: Token) -> None:
        source = restore_tex(token.content)
        if token.info.strip() == "math":
            self._add_equation(source)
            return
        lines = source.rstrip("\n").split("\n")
        self.found.append(
            Code(
                lines=tuple(CodeLine((Piece(line),) if line.strip() else ()) for line in lines),
                language=token.info.split()[0] if token.info.strip() else "",
                inside=self._containers(),
            )
        )

    def _add_table(self, tokens: Sequence[Token], start: int) -> int:
        """Add the table that begins at `start`, and return the index of its last token."""
        rows: list[Row] = []
        cells: list[Cell] = []
        end = start
        while tokens[end].type != "table_close":
            token = tokens[end]
            if token.type == "tr_open":
                cells = []
            elif token.type in ("th_open", "td_open"):
                content = read_inline(tokens[end + 1].children or (), self._links)
                align = _ALIGNMENTS.get(str(token.attrs.get("style", "")), "")
                cells.append(
                    Cell((content,) if content else (), align=align, is_header=token.type == "th_open")
                )
            elif token.type == "tr_close" and any(cell.content for cell in cells):
                rows.append(Row(tuple(cells)))
            end += 1
        if rows:
            self.found.append(Table(rows=tuple(rows), inside=self._containers()))
        return end


def _without_start(content: Text, length: int) -> Text:
    """Return a text without its first characters, which are in its first piece."""
    first = content[0]
    rest = first.text[length:]
    return (Piece(rest, first.kind, first.style, first.target), *content[1:]) if rest else content[1:]


def _without_marker(content: Text, marker: str) -> Text:
    """Return the text of a list item without its mark, which some converters wrote twice."""
    if content and content[0].kind == "text" and content[0].text.lstrip().startswith((marker, "•", "–")):
        content = strip_start(content, " ")
        length = len(marker) if content[0].text.startswith(marker) else 1
        return strip_start(_without_start(content, length), " ")
    return content

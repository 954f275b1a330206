"""Walk a page and collect the blocks of a document.

One `Flow` collects blocks in order. Whatever an element is inside of, its text is kept: where a block cannot contain
others (a heading, a cell, a footnote), a second `Flow` collects what is inside, and its blocks become lines of text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from paperreader.fulltext.document import (
    AnyBlock,
    Container,
    ContainerKind,
    Figure,
    FloatKind,
    Footnote,
    Image,
    Paragraph,
    Piece,
    Text,
)
from paperreader.fulltext.html.inline import InlineText, join_texts
from paperreader.fulltext.html.links import PageLinks
from paperreader.fulltext.html.nodes import TEXT, Node, children, raw_text
from paperreader.fulltext.html.shapes import Kind, Shape, merge_style, shape_of
from paperreader.fulltext.lines import block_lines
from paperreader.fulltext.residue import is_residue

MAX_DEPTH = 120
"""Elements inside each other; of what is deeper only the text is kept. Papers nest 16 to 42 deep."""

_DEPTH_OF_FLOW = 4
"""How many elements the calls for a flow inside of another one count as."""

_IN_LINE = frozenset(("inline", "inline-block", "break", "math", "image", "note", "tag", "error", "link"))
_NAMED = frozenset(
    ("figure", "equation", "table", "listing", "heading", "item", "theorem", "proof", "reference", "appendix")
)
"""Elements whose ids are kept although nothing in the page leads to them."""

Handler = Callable[["Flow", Node, str, str], None]
"""Converts an element; gets the style and target of the text around it."""


class PageState:
    """What all flows of one page share."""

    def __init__(
        self,
        root: Node,
        links: PageLinks,
        wanted: frozenset[str],
        handlers: dict[Kind, Handler],
        inner_ids: dict[int, list[str]] | None = None,
    ) -> None:
        """`wanted` are the ids that links lead to; `inner_ids` those of them that are inside of elements that are not
        entered, such as formulas, by the element (`mem_id`).
        """
        self.root = root
        self.links = links
        self.wanted = wanted
        self.handlers = handlers
        self.title: Text | None = None
        self.authors: list[Text] = []
        self.inner_ids = inner_ids or {}
        self.errors = 0
        self.depth = 0
        self.skipped: set[int] = set()
        """Elements (`mem_id`) that were converted already, such as the number of a heading."""
        self.image_sizes: dict[str, tuple[int, int]] = {}
        self.has_chapters = root.css_first(".ltx_title_chapter, .ltx_title_part") is not None
        self.notes_by_mark: dict[str, str] | None = None
        """Targets of footnotes without a mark in the text, once they are needed."""
        self.earlier_notes: dict[str, str] = {}
        self._count = 0

    def next_number(self) -> int:
        self._count += 1
        return self._count


class Flow:
    """Collects blocks."""

    def __init__(self, page: PageState, inside: tuple[Container, ...] = ()) -> None:
        self.page = page
        self.inside = inside
        self.blocks: list[AnyBlock] = []
        self.line = InlineText()
        self.anchors: list[str] = []
        """Those of elements that were entered, until the next block gets them."""
        self.notes: list[Footnote] = []
        """Those to which the line refers."""
        self.float_kind: FloatKind = "other"
        self.lead: Text = ()
        """The term of a list item, which begins its first paragraph."""
        self.follows_error = False
        """Whether nothing but names of macros was between the last block and the line."""
        self._joins_paragraphs = False

    def walk(self, node: Node, style: str = "", target: str = "") -> None:
        """Convert everything inside of `node`."""
        page = self.page
        page.depth += 1
        if page.depth > MAX_DEPTH:
            self.line.add_text(raw_text(node), style, target)
        else:
            for child in children(node):
                tag = child.tag
                if tag == TEXT:
                    self.line.add_text(child.text_content or "", style, target)
                elif tag and tag[0] != "-":
                    self.convert(child, style, target)
        page.depth -= 1

    def convert(self, node: Node, style: str, target: str) -> None:
        """Convert an element."""
        attributes = node.attributes
        shape = shape_of(node.tag or "", attributes.get("class") or "")
        if self.page.inner_ids and (names := self.page.inner_ids.get(node.mem_id)):
            self.anchors += names
        if shape.kind == "hidden" or (self.page.skipped and node.mem_id in self.page.skipped):
            return
        if shape.kind not in _IN_LINE and not self._joins_paragraphs:
            self.flush()
        if (name := attributes.get("id")) and (
            name in self.page.wanted or shape.kind in _NAMED or node.tag == "section"
        ):
            self.anchors.append(name)
        if shape.adds or shape.removes:
            style = merge_style(style, shape)
        self._dispatch(node, shape, style, target)

    def _dispatch(self, node: Node, shape: Shape, style: str, target: str) -> None:
        kind = shape.kind
        if kind == "inline":
            self.walk(node, style, target)
        elif kind == "block":
            self.walk(node, style, target)
            if not self._joins_paragraphs:
                self.flush()
        elif kind == "break":
            self.line.add_break()
        else:
            self.page.handlers[kind](self, node, style, target)

    def emit(self, block: AnyBlock) -> None:
        """Add a block after the line that is being collected, then the footnotes of the block."""
        if not self.line.is_empty():
            self.flush()
        if self.lead:
            self._append(Paragraph(content=self._take_lead()))
        self._append(block)
        self._emit_notes()

    def flush(self) -> None:
        """End the line: a paragraph, or pictures if there is nothing else in it; then its footnotes."""
        if not self.line.is_empty() and (content := self.line.take()):
            images = self._images(content)
            if images:
                self._append_images(images)
            elif self._is_noise(content):
                self.follows_error |= any("e" in piece.style for piece in content)
            elif not self.lead and self.follows_error and is_residue(_understood(content)):
                self.follows_error = False
            else:
                lead = self._take_lead()
                self._append(Paragraph(content=join_texts((lead, content)) if lead else content))
        self._emit_notes()

    def flush_lead(self) -> None:
        """End the line, also if there is nothing but the term of a list item."""
        self.flush()
        if self.lead:
            self._append(Paragraph(content=self._take_lead()))

    def _take_lead(self) -> Text:
        lead, self.lead = self.lead, ()
        return lead

    def _emit_notes(self) -> None:
        notes, self.notes = self.notes, []
        for note in notes:
            self.blocks.append(replace(note, inside=self.inside))

    def _append(self, block: AnyBlock) -> None:
        anchors = tuple(dict.fromkeys((*self.anchors, *block.anchors)))
        self.anchors.clear()
        self.follows_error = False
        self.blocks.append(replace(block, anchors=anchors, inside=self.inside))

    def _images(self, content: Text) -> tuple[Image, ...]:
        if not all(piece.kind == "image" or not piece.text.strip() for piece in content):
            return ()
        pictures = tuple(
            Image(piece.target, piece.text, *self.page.image_sizes.get(piece.target, (0, 0)))
            for piece in content
            if piece.kind == "image"
        )
        return tuple(picture for picture in pictures if picture.address) or pictures

    def _is_noise(self, content: Text) -> bool:
        """Whether there are only macros that LaTeXML does not know, or the mark of a footnote that follows."""
        return all(
            not piece.text.strip() or "e" in piece.style or (piece.style == "^" and piece.target[:1] == "#")
            for piece in content
        )

    def _append_images(self, images: tuple[Image, ...]) -> None:
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Figure) and last.inside == self.inside and self.inside and not self.anchors:
            self.blocks[-1] = replace(last, images=(*last.images, *images))
        else:
            self._append(Figure(images=images))

    @contextmanager
    def within(self, kind: ContainerKind, marker: str = "") -> Iterator[None]:
        """Put all blocks into a container."""
        outer = self.inside
        self.inside = (*outer, Container(kind, self.page.next_number(), marker))
        yield
        self.flush_lead()
        self.inside = outer

    @contextmanager
    def joining_paragraphs(self) -> Iterator[None]:
        """Treat paragraphs as part of the line, for a box in a sentence."""
        outer, self._joins_paragraphs = self._joins_paragraphs, True
        yield
        self._joins_paragraphs = outer

    def lines_of(self, node: Node, style: str = "", target: str = "") -> tuple[Text, ...]:
        """Return what is inside an element as lines of text; its ids and footnotes belong to the next block."""
        inner = Flow(self.page)
        self.page.depth += _DEPTH_OF_FLOW
        inner.walk(node, style, target)
        self.page.depth -= _DEPTH_OF_FLOW
        inner.flush_lead()
        return self.lines_from(inner)

    def lines_from(self, inner: Flow) -> tuple[Text, ...]:
        """Return the blocks of another flow as lines of text."""
        lines: list[Text] = []
        marked: set[int] = set()
        for block in inner.blocks:
            if isinstance(block, Footnote):
                self.notes.append(block)
                continue
            self.anchors += block.anchors
            first, *others = block_lines(block)
            container = block.inside[-1] if block.inside else None
            if container is not None and container.marker and container.number not in marked:
                marked.add(container.number)
                first = (Piece(f"{container.marker} "), *first)
            lines += [first, *others]
        self.anchors += inner.anchors
        return tuple(lines)

    def text_of(self, node: Node, style: str = "", target: str = "") -> Text:
        """Return what is inside an element as one line."""
        lines = self.lines_of(node, style, target)
        return _without_breaks(lines[0]) if len(lines) == 1 else join_texts(map(_without_breaks, lines))


def _understood(content: Text) -> str:
    """Return a text without macros that LaTeXML does not know."""
    return "".join(piece.text for piece in content if "e" not in piece.style)


def _without_breaks(text: Text) -> Text:
    if not any("\n" in piece.text for piece in text):
        return text
    return tuple(
        Piece(piece.text.replace("\n", " "), piece.kind, piece.style, piece.target)
        if piece.kind == "text"
        else piece
        for piece in text
    )

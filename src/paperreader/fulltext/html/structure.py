"""Convert what gives a paper its structure: headings, lists, theorems, figures, captions, boxes."""

from __future__ import annotations

import re

from paperreader.fulltext.document import Caption, FloatKind, Heading, Paragraph, Piece, Text
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.inline import join_texts, strip_start
from paperreader.fulltext.html.nodes import (
    TEXT,
    Node,
    attribute,
    children,
    classes,
    descendants,
    find,
    is_shown_text,
    plain_text,
)
from paperreader.fulltext.html.shapes import shape_of

MAX_MARKER_LENGTH = 10
"""A longer mark of a list item is a term, which begins the text of the item."""

_LEVELS = {
    "ltx_title_part": 1,
    "ltx_title_chapter": 1,
    "ltx_title_section": 1,
    "ltx_title_subsection": 2,
    "ltx_title_subsubsection": 3,
    "ltx_title_paragraph": 5,
    "ltx_title_subparagraph": 5,
    "ltx_title_keywords": 5,
    "ltx_title_classification": 5,
    "ltx_title_theorem": 6,
    "ltx_title_proof": 6,
}
_PLAIN_LEVELS = {"h1": 1, "h2": 1, "h3": 2, "h4": 3, "h5": 5, "h6": 5}
_LISTS_WITHOUT_MARKS = frozenset(("ltx_toclist", "ltx_biblist", "ltx_description"))
_LABEL = re.compile(
    r"\((?:[a-zA-Z]|[ivx]{1,4}|[0-9]{1,2})\)\s|(?:Figure|Fig\.|Table|Algorithm|Listing)\s[0-9A-Z][0-9A-Z.]{0,6}:\s?"
)
"""The label of a caption that does not mark it."""

_FLOATS_BY_LABEL: dict[str, FloatKind] = {
    "figure": "figure",
    "table": "table",
    "algorithm": "algorithm",
    "listing": "listing",
}
_NO_ALTERNATIVES = ("refer to caption", "[uncaptioned image]")
_FLOATS: dict[str, FloatKind] = {
    "ltx_table": "table",
    "ltx_float_algorithm": "algorithm",
    "ltx_algorithm": "algorithm",
    "ltx_float_algorithm2e": "algorithm",
    "ltx_lstlisting": "listing",
    "ltx_float_lstlisting": "listing",
    "ltx_float_listing": "listing",
    "ltx_figure": "figure",
}
_APPENDIX = re.compile(r"appendix\s+", re.IGNORECASE)
_END_OF_NUMBER = " .:\xa0\u2003\u2002"
_MAX_WRAPPERS = 5
"""Elements that set a font around the number of a heading or caption."""

_SVG_TEXTS = frozenset(("foreignObject", "foreignobject", "text"))
_MIN_PROSE = 60
"""Characters of a text in a drawing that is more than a label."""


def convert_heading(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert the title of a section, theorem, abstract and so on."""
    names = classes(node)
    number = _take_tag(flow, node)
    content = flow.text_of(node)
    level = next((level for name, level in _LEVELS.items() if name in names), 0)
    if not level:
        level = (
            1 if "ltx_title" in names and "ltx_runin" not in names else _PLAIN_LEVELS.get(node.tag or "", 5)
        )
    if flow.page.has_chapters and level in (1, 2) and not names & {"ltx_title_chapter", "ltx_title_part"}:
        level += 1
    if level == 6:
        content = strip_start(content, " .:") if number else content
    if "ltx_title_appendix" in names:
        number = _APPENDIX.sub("", number)
    if content or number:
        flow.emit(Heading(content=content, level=level, number=number.rstrip(_END_OF_NUMBER)))


def convert_document_title(flow: Flow, node: Node, style: str, target: str) -> None:
    content = flow.text_of(node)
    if flow.page.title is None:
        flow.page.title = content
    elif content:
        flow.emit(Heading(content=content, level=1))


def _take_tag(flow: Flow, node: Node) -> str:
    """Return the number or label of an element, which is then not part of its text."""
    tag = _leading_tag(node)
    if tag is None:
        return ""
    label = label_text(flow.text_of(tag))
    flow.page.skipped.add(tag.mem_id)
    return label


def _leading_tag(node: Node) -> Node | None:
    """Return the tag with which an element begins. Notes and links in its text have tags as well."""
    for _ in range(_MAX_WRAPPERS):
        first = next(
            (child for child in children(node) if child.tag != TEXT or is_shown_text(child)),
            None,
        )
        if first is None or (first.tag or "-")[0] == "-":
            return None
        if "ltx_tag" in classes(first):
            return first
        if shape_of(first.tag or "", attribute(first, "class")).kind != "inline":
            return None
        node = first
    return None


def convert_container(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a quotation, theorem, proof, box, abstract or appendix."""
    kind = shape_of(node.tag or "", attribute(node, "class")).kind
    assert kind in ("quote", "theorem", "proof", "box", "abstract", "appendix")
    with flow.within(kind):
        flow.walk(node, style, target)


def convert_list(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a list; items without a mark get one."""
    is_plain = not classes(node) & _LISTS_WITHOUT_MARKS
    count = 0
    term: Node | None = None
    for child in children(node):
        if child.tag == "dt":
            term = child
            if _has_no_description(child):
                _convert_item(flow, child, style, target, "", None)
        elif child.tag in ("dd", "li") and _is_item(child):
            count += 1
            mark = ("•" if node.tag == "ul" else f"{count}." if node.tag == "ol" else "") if is_plain else ""
            _convert_item(flow, child, style, target, mark, term)
            term = None
        elif (child.tag or "-")[0] != "-":
            flow.convert(child, style, target)
        else:
            flow.line.add_text(child.text_content or "", style, target)
    flow.flush()


def _is_item(node: Node) -> bool:
    return shape_of(node.tag or "", attribute(node, "class")).kind == "item"


def _has_no_description(term: Node) -> bool:
    """Whether no description follows a term."""
    following = term.next
    while following is not None and (following.tag or "-")[0] == "-":
        following = following.next
    return following is None or following.tag != "dd"


def convert_item(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a list item that stands outside of a list."""
    _convert_item(flow, node, style, target, "", None)


def _convert_item(flow: Flow, node: Node, style: str, target: str, mark: str, term: Node | None) -> None:
    flow.flush()
    if name := attribute(node, "id"):
        flow.anchors.append(name)
    lead: Text = ()
    if term is not None:
        if name := attribute(term, "id"):
            flow.anchors.append(name)
        lead = flow.text_of(term, "b")
    elif (tag := _item_tag(node)) is not None:
        lead = flow.text_of(tag)
        flow.page.skipped.add(tag.mem_id)
    if lead:
        mark = label_text(lead)
        if len(mark) <= MAX_MARKER_LENGTH and not any(piece.target for piece in lead):
            lead = ()
        else:
            mark = ""
    with flow.within("item", mark):
        flow.lead = lead
        flow.walk(node, style, target)


def _item_tag(node: Node) -> Node | None:
    for child in children(node):
        if (child.tag or "-")[0] != "-":
            return child if "ltx_tag_item" in classes(child) or "ltx_tag" in classes(child) else None
    return None


def convert_tag(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a number or label that was not taken by what it belongs to."""
    flow.walk(node, style, target)


def convert_figure(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a figure, table, algorithm or listing with its caption; panels are figures inside."""
    names = classes(node)
    outer = flow.float_kind
    flow.float_kind = next((kind for name, kind in _FLOATS.items() if name in names), outer)
    with flow.within("float"):
        flow.walk(node, style, target)
    flow.float_kind = outer


def convert_caption(flow: Flow, node: Node, style: str, target: str) -> None:
    label = _take_tag(flow, node)
    content = join_texts(flow.lines_of(node, style, target), "\n")
    label = label.rstrip(_END_OF_NUMBER)
    if not label and content and (found := _LABEL.match(content[0].text)):
        label = found[0].rstrip(_END_OF_NUMBER)
        first = Piece(content[0].text[found.end() :], "text", content[0].style, content[0].target)
        content = (first, *content[1:]) if first.text else content[1:]
    if content or label:
        kind = flow.float_kind
        if kind == "other":
            kind = _FLOATS_BY_LABEL.get(label.partition(" ")[0].lower(), kind)
        flow.emit(Caption(label=label, content=content, of=kind))


def convert_image(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a picture: a piece of the line, which becomes a figure if there is nothing else in the line."""
    address = flow.page.links.image(attribute(node, "src") or attribute(node, "data"))
    alternative = " ".join(attribute(node, "alt").split())
    if alternative.lower() in _NO_ALTERNATIVES:
        alternative = ""
    if address or alternative:
        sizes = tuple(_pixels(attribute(node, name)) for name in ("width", "height"))
        flow.page.image_sizes[address] = (sizes[0], sizes[1])
        flow.line.add_piece(Piece(alternative, "image", "", address))


def _pixels(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def convert_picture(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert an SVG: paragraphs in it are a box, other texts are the labels of a drawing, on one line."""
    texts = [inner for inner in descendants(node, _SVG_TEXTS) if inner.tag in _SVG_TEXTS]
    if not texts:
        return
    flow.flush()
    is_prose = any(
        len(plain_text(text)) >= _MIN_PROSE or find(text, "ul, ol, table, figure") for text in texts
    )
    with flow.within("box"):
        if is_prose:
            for text in texts:
                flow.walk(text, style, target)
                flow.flush()
        else:
            labels = [line for text in texts for line in flow.lines_of(text, style, target)]
            if labels:
                flow.emit(Paragraph(content=join_texts(labels, "  ")))


def convert_inline_block(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a box in a sentence. Its paragraphs are part of the sentence unless there is more in it."""
    is_inside_line = (
        not flow.line.is_empty() and find(node, "table, .ltx_tabular, ul, ol, svg, .ltx_listing") is None
    )
    if is_inside_line and len(node.css(".ltx_p")) <= 1:
        with flow.joining_paragraphs():
            flow.walk(node, style, target)
    else:
        flow.walk(node, style, target)

"""Convert footnotes: a mark in the sentence, and a block after it."""

from __future__ import annotations

from paperreader.fulltext.document import Footnote, Piece
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.inline import join_texts
from paperreader.fulltext.html.nodes import Node, attribute, classes, descendants, find, plain_text

_MARK_ONLY = "ltx_role_footnotemark"
_TYPES_OF_CONVERTER = frozenset(
    ("footnote", "footnotemark", "footnotetext", "endnote", "thanks", "affiliation", "institutetext", "email")
)
"""What LaTeXML writes in front of notes; other types, such as "journal", are part of the text."""


def convert_note(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a note; its mark stands in the page up to three times."""
    marks = [inner for inner in descendants(node) if "ltx_note_mark" in _names(inner)]
    tag = find(node, ".ltx_tag_note")
    mark = label_text(flow.text_of(marks[0])) if marks else plain_text(tag)
    if _MARK_ONLY in classes(node):
        flow.line.add_piece(Piece(mark, "text", "^", _note_with_mark(flow, mark)))
        return
    skipped = flow.page.skipped
    for inner in [*marks, *([tag] if tag is not None else [])]:
        skipped.add(inner.mem_id)
    type_node = find(node, ".ltx_note_type")
    if type_node is not None and plain_text(type_node).strip(": ").lower() in _TYPES_OF_CONVERTER:
        skipped.add(type_node.mem_id)
    anchor = attribute(node, "id") or f"note-{flow.page.next_number()}"
    inside = Flow(flow.page)
    content = join_texts(inside.lines_of(node), "\n")
    if mark:
        flow.page.earlier_notes[mark] = f"#{anchor}"
        flow.line.add_piece(Piece(mark, "text", "^", f"#{anchor}"))
    if content:
        anchors = tuple(dict.fromkeys((anchor, *inside.anchors)))
        flow.notes.append(Footnote(mark=mark, content=content, anchors=anchors))
        flow.anchors[:] = [name for name in flow.anchors if name != anchor]
    flow.notes += inside.notes


def _names(node: Node) -> frozenset[str]:
    return classes(node) if (node.tag or "-")[0] != "-" else frozenset()


def _note_with_mark(flow: Flow, mark: str) -> str:
    """Return the target of the footnote with this mark: an earlier one, else one without a mark in the text."""
    by_mark = flow.page.notes_by_mark
    if by_mark is None:
        by_mark = flow.page.notes_by_mark = {}
        for note in flow.page.root.css(".ltx_role_footnotetext[id]"):
            by_mark.setdefault(plain_text(find(note, ".ltx_note_mark")), f"#{attribute(note, 'id')}")
    return flow.page.earlier_notes.get(mark) or by_mark.get(mark, "")

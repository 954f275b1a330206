"""The contents of a document: sections, figures, tables, algorithms and theorems."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from paperreader.fulltext.document import Caption, Document, Heading
from paperreader.fulltext.layout.blocks import text_flow
from paperreader.fulltext.layout.flow import Flow
from paperreader.text.sanitize import single_line

EntryKind = Literal["section", "figure", "table", "algorithm", "theorem"]

MAX_SECTION_LEVEL = 4


class ContentsEntry(NamedTuple):
    """One line of the contents."""

    kind: EntryKind
    label: str
    """`3.1`, `Figure 2`, `Theorem 1`; may be empty for sections."""
    text: str
    level: int
    """1 for sections, 2 for subsections; 1 for all others."""
    block: int


def document_contents(document: Document) -> tuple[ContentsEntry, ...]:
    """Return the contents, in the order of the document. Panels of figures, such as `(a)`, are left out."""
    return tuple(_entries(document))


def _entries(document: Document) -> Iterator[ContentsEntry]:
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            kinds = [container.kind for container in block.inside]
            label = single_line(block.number)
            text = _text(block)
            if block.level <= MAX_SECTION_LEVEL and (text or label):
                yield ContentsEntry("section", label, text, max(1, block.level), index)
            elif "theorem" in kinds and (text or label):
                yield ContentsEntry("theorem", label or text, text if label else "", 1, index)
        elif isinstance(block, Caption) and block.label[:1].isalnum() and block.of != "other":
            flow = Flow()
            flow.add_pieces(block.content)
            kind: EntryKind = "algorithm" if block.of == "listing" else block.of
            yield ContentsEntry(kind, single_line(block.label), flow.text, 1, index)


def _text(block: Heading) -> str:
    text = text_flow(block, Flow()).text
    return text.removeprefix(single_line(block.number)).strip()


def section_at(contents: Sequence[ContentsEntry], block: int) -> ContentsEntry | None:
    """Return the section in which a block is; None before the first one."""
    sections = [entry for entry in contents if entry.kind == "section"]
    at = bisect_right([entry.block for entry in sections], block)
    return sections[at - 1] if at else None

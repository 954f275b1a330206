"""Copying what is visible: paragraphs, equations as TeX, tables as CSV, code, references."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from paperreader.fulltext import (
    HEAD,
    Caption,
    Code,
    Document,
    Equation,
    Figure,
    Footnote,
    Heading,
    Reference,
    Table,
    block_text,
    equation_source,
    head_text,
    table_csv,
)
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.passages.highlight_list import HighlightListController
from paperreader.tui.full_text.passages.highlights import HighlightsController

if TYPE_CHECKING:
    from paperreader.tui.dialogs.choice import Choice

MAX_CHOICES = 40

_LABELS = {Heading: "heading", Caption: "caption", Code: "code", Footnote: "footnote", Figure: "picture"}


class CopyController:
    """Offers what is visible, from the top."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        highlights: HighlightsController,
        highlight_list: HighlightListController,
    ) -> None:
        self._ctx, self._documents = ctx, documents
        self._highlights, self._highlight_list = highlights, highlight_list

    def choose(self) -> None:
        """Choose what to copy."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        quotations = [
            Choice("highlight", each.highlight.quote, self._highlight_list.quotation(each))
            for each in self._highlights.visible
        ]
        choices = [
            choice
            for block in self._visible_blocks()
            for choice in copy_choices(self._documents.document, block)
        ]
        choices = [*quotations, *choices][:MAX_CHOICES]
        if not choices:
            self._ctx.ui.inform("Nothing to copy is visible")
            return
        dialog = ChoiceDialog("Copy", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, self._copy)

    def _visible_blocks(self) -> list[int]:
        view = self._ctx.widgets.view
        lines = (view.layout_shown.lines[number] for number in view.visible_lines)
        return list(dict.fromkeys(line.block for line in lines if line.spans))

    def _copy(self, text: str | None) -> None:
        if text is not None:
            self._ctx.sharing.copy(text)


def copy_choices(document: Document, index: int) -> Iterator[Choice[str]]:
    """Yield what can be copied of a block."""
    from paperreader.tui.dialogs.choice import Choice

    choice = partial(Choice[str])
    if index == HEAD:
        title = head_text(document).partition("\n")[0]
        yield choice("title", title, title)
        return
    block = document.blocks[index]
    text = block_text(block)
    if isinstance(block, Equation):
        source = equation_source(block)
        yield choice("TeX", source, source)
    elif isinstance(block, Table):
        cells = table_csv(block)
        yield choice("CSV", text.replace("\t", "  "), cells)
    elif isinstance(block, Reference):
        content = text.partition("\n")[2] if block.label else text
        yield choice("citation", content, content)
    elif text:
        yield choice(_LABELS.get(type(block), "paragraph"), text, text)

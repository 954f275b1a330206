"""Pins a figure or table next to the text: it stays there while the text is scrolled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from paperreader.fulltext import (
    Caption,
    Document,
    Figure,
    LayoutOptions,
    Place,
    Table,
    block_text,
    find_anchor,
    layout_document,
    table_csv,
    target_blocks,
    target_kind,
)
from paperreader.text.sanitize import single_line
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.figures.pictures import PictureController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.widgets.full_text.geometry import layout_width
from paperreader.tui.widgets.full_text.pictures import picture_rows
from paperreader.tui.widgets.full_text.pin import PinRequest
from paperreader.tui.widgets.text_line import TextSpan

PINNED_KINDS = ("figure", "table", "algorithm", "listing", "equation", "theorem")
"""Kinds of targets that can be pinned from their overview; of the others, the text is all there is."""

MAX_CHOICES = 40

LINES_ABOVE_TARGET = 2


class PinTarget(NamedTuple):
    """Some blocks of a document."""

    blocks: range
    label: str
    """`Figure 1`, or what it is."""
    caption: str

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.blocks.start, 0)


def pin_target(document: Document, place: Place) -> PinTarget:
    """Return what is pinned for a place: a figure or table with its caption."""
    blocks = target_blocks(document, place)
    captions = [block for index in blocks if isinstance(block := document.blocks[index], Caption)]
    named = next((caption for caption in captions if caption.label), None)
    label = named.label if named is not None else target_kind(document, place).capitalize()
    text = block_text(named or captions[0]) if captions else ""
    return PinTarget(blocks, single_line(label), single_line(text.removeprefix(label).lstrip(": ")))


class PinController:
    """One figure or table at a time."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        pictures: PictureController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents, self._pictures, self._panes = ctx, documents, pictures, panes
        self._pin = ctx.widgets.pin
        self._pinned: PinTarget | None = None
        self._text: OpenText | None = None
        self._options: LayoutOptions | None = None
        ctx.signals.text_shown.connect(self._remove_of_other_text)
        ctx.signals.lines_changed.connect(lambda _: self.lay_out())

    @property
    def is_open(self) -> bool:
        """Whether something is pinned."""
        return self._pinned is not None

    # Commands

    def toggle(self) -> None:
        """Remove what is pinned; otherwise pin what is visible, or let the user choose."""
        if self.is_open:
            self.remove()
            return
        document = self._documents.document
        targets = list(self._visible_targets()) or list(self._all_targets(document))
        if not targets:
            self._ctx.ui.inform("This text has no figure and no table")
        elif len(targets) == 1:
            self.pin(targets[0])
        else:
            self._choose(targets)

    def switch(self) -> None:
        """Move the focus to what is pinned."""
        self._panes.focus_pin()

    def pin_place(self, place: Place) -> None:
        """Pin the figure or table at a place."""
        self.pin(pin_target(self._documents.document, place))

    def pin(self, target: PinTarget) -> None:
        """Show a figure or table next to the text, instead of another one."""
        was_open, self._pinned, self._options = self.is_open, target, None
        self._text = self._documents.text
        if was_open:
            self.lay_out()
        else:
            self._panes.open_pin()
            self._pictures.add_view(self._pin.view)
            self._ctx.tasks.after_refresh(self.lay_out)

    def remove(self) -> None:
        """Remove what is pinned."""
        if self.is_open:
            self._pinned = self._text = None
            self._pictures.remove_view(self._pin.view)
            self._panes.close_pin()

    def answer(self, request: PinRequest) -> None:
        """Do what the user wants with what is pinned."""
        target = self._pinned
        if target is None:
            return
        if request == "close":
            self.remove()
        elif request == "copy":
            self._ctx.sharing.copy(self._copied(target))
        else:
            self._panes.focus_text()
            if request == "jump":
                self._documents.jump(target.place, above=LINES_ABOVE_TARGET)
                self._ctx.ui.inform(TextSpan("backspace", "key"), TextSpan(" goes back", "muted"))

    # What can be pinned

    def _visible_targets(self) -> Iterator[PinTarget]:
        """Yield the figures and tables that are visible, and those that visible links lead to."""
        document, view = self._documents.document, self._ctx.widgets.view
        lines = [view.layout_shown.lines[number] for number in view.visible_lines]
        shown = [Place(line.block, 0) for line in lines if line.block >= 0 and line.spans]
        linked = [
            place
            for line in lines
            for span in line.spans
            if span.target.startswith("#") and (place := find_anchor(document, span.target[1:])) is not None
        ]
        seen: set[int] = set()
        for place in dict.fromkeys([*shown, *linked]):
            if place.block not in seen and _is_float(document, place):
                target = pin_target(document, place)
                seen |= set(target.blocks)
                yield target

    def _all_targets(self, document: Document) -> Iterator[PinTarget]:
        kinds = ("figure", "table", "algorithm")
        for entry in self._documents.text.contents:
            if entry.kind in kinds:
                yield pin_target(document, Place(entry.block, 0))

    def _choose(self, targets: Sequence[PinTarget]) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice(target.label, target.caption, target) for target in targets[:MAX_CHOICES]]
        dialog = ChoiceDialog("Pin next to the text", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda target: self.pin(target) if target is not None else None)

    def _copied(self, target: PinTarget) -> str:
        blocks = [self._documents.document.blocks[index] for index in target.blocks]
        tables = [table_csv(block) for block in blocks if isinstance(block, Table)]
        return "\n".join(tables or map(block_text, blocks))

    # Layout

    def lay_out(self) -> None:
        """Lay out what is pinned, if it is for another width now."""
        view, target = self._pin.view, self._pinned
        if target is None or not view.size.width:
            return
        options = self._current_options()
        if options == self._options:
            return
        is_first, self._options = self._options is None, options
        blocks = target.blocks
        layout = layout_document(self._documents.document, options, blocks.start, blocks.stop)
        while layout.lines and not layout.lines[0].spans:
            del layout.lines[0]
        view.show(layout, options.width, target.place if is_first else view.top)
        self._panes.fit_pin(len(layout.lines))
        self._pictures.look_soon()

    def _current_options(self) -> LayoutOptions:
        width, max_width = layout_width(self._pin.view, self._ctx.settings.reading.text_width)
        options = self._documents.options
        rows = min(options.picture_rows, picture_rows(self._panes.pin_height))
        return replace(options, width=width, max_width=max_width, picture_rows=rows)

    def _remove_of_other_text(self, text: OpenText) -> None:
        if text is not self._text:
            self.remove()


def _is_float(document: Document, place: Place) -> bool:
    block = document.blocks[place.block]
    is_inside = any(container.kind == "float" for container in block.inside)
    return is_inside or isinstance(block, Figure | Table)

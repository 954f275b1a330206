"""Links of a full text: labels, overviews of their targets, and jumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from msgspec.structs import replace

from paperreader.fulltext import (
    LayoutOptions,
    Place,
    Span,
    TextLayout,
    block_text,
    find_anchor,
    float_start,
    layout_document,
    references_to,
    target_blocks,
    target_kind,
    with_notes,
)
from paperreader.text.cell_width import cell_width
from paperreader.text.urls import safe_url
from paperreader.tui.full_text.context import FullTextContext, section_labels
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.figures.pictures import PictureController
from paperreader.tui.full_text.figures.pins import PINNED_KINDS, PinController
from paperreader.tui.full_text.references.known_papers import PAPER_TARGET, link_of
from paperreader.tui.full_text.references.references import ReferenceController
from paperreader.tui.widgets.full_text.line_painter import LinkLabel
from paperreader.tui.widgets.full_text.pictures import LINES_BESIDE
from paperreader.tui.widgets.text_line import TextSpan

LABEL_LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""Those under the fingers first."""

LINES_ABOVE_TARGET = 2

RETURN_HINT = (TextSpan("backspace", "key"), TextSpan(" goes back", "muted"))

_KIND_NAMES = {
    "reference": "Reference",
    "footnote": "Footnote",
    "equation": "Equation",
    "figure": "Figure",
    "table": "Table",
    "algorithm": "Algorithm",
    "listing": "Listing",
    "section": "Section",
    "theorem": "Theorem",
    "text": "Text",
}


class VisibleLink(NamedTuple):
    """A link, and where it begins."""

    target: str
    line: int
    cell: int


def link_labels(count: int) -> list[str]:
    """Return labels for that many links: one letter each, or two if there are not enough letters."""
    if count <= len(LABEL_LETTERS):
        return list(LABEL_LETTERS[:count])
    pairs = ("".join(pair) for pair in product(LABEL_LETTERS, repeat=2))
    return [label for label, _ in zip(pairs, range(count), strict=False)]


class LinkController:
    """Labels the visible links, shows what they lead to, and goes there."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        references: ReferenceController,
        pictures: PictureController,
        pins: PinController,
    ) -> None:
        self._ctx, self._documents, self._references = ctx, documents, references
        self._pictures, self._pins = pictures, pins
        self._view = ctx.widgets.view
        self._labelled: Mapping[str, VisibleLink] = {}
        self._typed = ""
        ctx.signals.lines_changed.connect(lambda _: self.hide_labels())

    @property
    def is_labelling(self) -> bool:
        """Whether letters choose a link."""
        return bool(self._labelled)

    @property
    def labelled(self) -> Mapping[str, VisibleLink]:
        """The links with labels, by their labels."""
        return self._labelled

    def label_links(self) -> None:
        """Label the visible links with letters."""
        links = list(self._visible_links())
        if not links:
            self._ctx.ui.inform("No link is visible")
            return
        self._labelled = dict(zip(link_labels(len(links)), links, strict=False))
        self._typed = ""
        self._show_labels()

    def hide_labels(self) -> None:
        """Remove the labels."""
        if self._labelled:
            self._labelled, self._typed = {}, ""
            self._show_labels()

    def type_letter(self, letter: str) -> None:
        """Choose a link by its label; a letter that begins none removes the labels."""
        self._typed += letter
        if link := self._labelled.get(self._typed):
            self.hide_labels()
            self.follow(link.target)
        elif any(label.startswith(self._typed) for label in self._labelled):
            self._show_labels()
        else:
            self.hide_labels()

    def follow(self, target: str) -> None:
        """Show an overview of a target in the document, open the paper of a note, or open a URL in the browser."""
        if target.startswith(PAPER_TARGET):
            self._references.open(int(target.removeprefix(PAPER_TARGET)))
            return
        if not target.startswith("#"):
            self._ctx.sharing.open_url(target)
            return
        place = find_anchor(self._documents.document, target[1:])
        if place is None:
            self._ctx.ui.inform("The text has no such place")
        else:
            self._show_overview(place)

    def _show_labels(self) -> None:
        labels: dict[int, list[LinkLabel]] = {}
        for label, link in self._labelled.items():
            if label.startswith(self._typed):
                labels.setdefault(link.line, []).append(LinkLabel(link.cell, label))
        self._view.show_labels(labels)
        self._ctx.signals.mode_changed.emit(None)

    def _visible_links(self) -> Iterator[VisibleLink]:
        """Yield the links in the order of the text. One that continues on the next line is yielded once."""
        before: Span | None = None
        for number in self._view.visible_lines:
            cell = 0
            for span in self._view.layout_shown.lines[number].spans:
                continues = before is not None and before.target == span.target and before.end <= span.start
                if span.target and not (continues and before is not None and span.start - before.end <= 1):
                    yield VisibleLink(span.target, number, cell)
                before = span if span.start >= 0 else before
                cell += cell_width(span.text)

    # Overviews

    def _show_overview(self, place: Place) -> None:
        from paperreader.tui.dialogs.overview import MAX_LINES_SHARE, OverviewDialog

        document = self._documents.document
        blocks = target_blocks(document, place)
        rows = max(1, int(self._view.app.size.height * MAX_LINES_SHARE) - LINES_BESIDE)
        options = self._overview_options()
        options = replace(options, picture_rows=min(options.picture_rows, rows))
        layout = layout_document(document, options, blocks.start, blocks.stop)
        while layout.lines and not layout.lines[0].spans:
            del layout.lines[0]
        note = self._references.note(place.block)
        layout = with_notes(layout, {place.block: note} if note else {})
        mode = self._references.overview_mode(place.block)
        has_link = bool(link_of(document, place.block) or _first_link(layout))
        dialog = OverviewDialog(
            self._title(place),
            layout,
            options.width,
            mode,
            has_link=has_link,
            can_be_pinned=target_kind(document, place) in PINNED_KINDS,
            on_scrolled=self._pictures.look_soon,
        )

        def finish(outcome: str | None) -> None:
            self._pictures.remove_view(dialog.view)
            self._finish(outcome, place)

        self._ctx.ui.push_dialog(dialog, finish)
        self._pictures.add_view(dialog.view)

    def _overview_options(self) -> LayoutOptions:
        options = self._documents.options
        return replace(options, max_width=options.width)

    def _title(self, place: Place) -> Sequence[TextSpan]:
        document = self._documents.document
        kind = target_kind(document, place)
        spans = [TextSpan(_KIND_NAMES[kind], "strong")]
        referring = references_to(document, place.block)
        sections = [self._documents.text.section_at(Place(block, 0)) for block in referring]
        if names := section_labels(sections):
            verb = "cited in" if kind == "reference" else "referred to in"
            spans.append(TextSpan(f"  {verb} {names}", "muted"))
        return spans

    def _finish(self, outcome: str | None, place: Place) -> None:
        if outcome == "jump":
            start = float_start(self._documents.document, place)
            self._documents.jump(start, above=LINES_ABOVE_TARGET)
            self._ctx.ui.inform(*RETURN_HINT)
        elif outcome == "paper" and self._references.can_add(place.block):
            self._references.add(place.block)  # the overview said that it is missing
        elif outcome == "paper":
            self._references.open(place.block)
        elif outcome == "bookmark":
            self._references.toggle_bookmark(place.block)
        elif outcome == "pin":
            self._pins.pin_place(place)
        elif outcome == "copy":
            self._ctx.sharing.copy(self._text(place))
        elif outcome == "open":
            self.open_link_in(place)
        elif outcome is not None:
            self.follow(outcome)

    def _text(self, place: Place) -> str:
        document = self._documents.document
        return "\n".join(block_text(document.blocks[index]) for index in target_blocks(document, place))

    def open_link_in(self, place: Place) -> None:
        """Open the first link to a page that the target contains."""
        document = self._documents.document
        blocks = target_blocks(document, place)
        layout = layout_document(document, self._overview_options(), blocks.start, blocks.stop)
        if url := link_of(document, place.block) or _first_link(layout):
            self._ctx.sharing.open_url(url)
        else:
            self._ctx.ui.inform("It contains no link")


def _first_link(layout: TextLayout) -> str:
    spans = (span for line in layout.lines for span in line.spans)
    return next((span.target for span in spans if safe_url(span.target)), "")

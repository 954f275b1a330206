"""What changed between two versions of a paper: words that were removed and added, marked and colored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.library import FieldChanges, TextPart, compare_versions, version_label
from paperreader.models import PaperVersion, VersionHistory
from paperreader.text.cell_width import cell_width, wrap_cells
from paperreader.text.dates import format_long_date
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import CHANGES_KEYS
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import Role, TextLine, TextSpan
from paperreader.tui.widgets.text_lines import HelpLine, TextLines

_ROLES: dict[str, Role] = {"same": "text", "removed": "dim", "added": "good"}


class ChangesTitle(TextLine):
    """Which versions are compared."""

    title: HelpLine = ()

    def spans(self, width: int) -> HelpLine:
        return self.title


class ChangesText(TextLines):
    """The words of both versions."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--dim", "text-line--good"}


class ChangesDialog(ModalScreen[None]):
    """Compares each version with the one before it, the latest first."""

    BINDINGS = bindings(CHANGES_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self, history: VersionHistory, date_format: str) -> None:
        super().__init__()
        self._versions, self._date_format = history.versions, date_format
        self._newer_index = 0
        self._changes: tuple[FieldChanges, ...] = ()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def compose(self) -> ComposeResult:
        with Vertical(id="changes"):
            yield ChangesTitle(id="changes-title")
            with VerticalScroll(id="changes-lines", can_focus=False):
                yield ChangesText(id="changes-text")
            footer = KeyFooter(classes="footer")
            footer.mode = "changes"
            yield footer

    def on_mount(self) -> None:
        if get_glyphs(self.app) is ASCII:  # the ends of the scrollbar are not ASCII
            self.query_one("#changes-lines").styles.scrollbar_size_vertical = 0
        self._start()

    def on_resize(self) -> None:
        self._show()

    def _start(self) -> None:
        newer, older = self._versions[self._newer_index : self._newer_index + 2]
        title = self.query_one(ChangesTitle)
        others = ""
        if len(self._versions) > 2:
            others = f"  {self._newer_index + 1} of {len(self._versions) - 1}"
        pair = f"{self._label(older)} to {self._label(newer)}"
        title.title = (TextSpan(f"What changed{others}", "strong"), TextSpan(f"  {pair}", "muted"))
        title.refresh()
        offered = {
            "changes-older": self._newer_index < len(self._versions) - 2,
            "changes-newer": self._newer_index > 0,
        }
        footer = self.query_one(KeyFooter)
        footer.omitted = frozenset(id for id, is_offered in offered.items() if not is_offered)
        self.run_worker(self._compare(older, newer), group="comparing", exclusive=True)

    async def _compare(self, older: PaperVersion, newer: PaperVersion) -> None:
        self._changes = await run_in_thread(lambda: compare_versions(older, newer))
        if self.is_attached:
            self.call_after_refresh(self._show)
            self.query_one("#changes-lines").scroll_home(animate=False)

    def _label(self, version: PaperVersion) -> str:
        return f"{version_label(version)} ({format_long_date(version.day, self._date_format)})"

    def _show(self) -> None:
        width = max(20, self.query_one("#changes-lines").size.width - 1)
        self.query_one(ChangesText).show(list(layout_changes(self._changes, width)))

    def action_scroll(self, direction: int) -> None:
        self.query_one("#changes-lines").scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        pane = self.query_one("#changes-lines")
        pane.scroll_relative(y=direction * max(1, pane.size.height - 1), animate=False)

    def action_compare(self, step: int) -> None:
        """Compare older (1) or newer (-1) versions."""
        index = self._newer_index + step
        if 0 <= index < len(self._versions) - 1:
            self._newer_index = index
            self._start()

    def action_close(self) -> None:
        self.dismiss(None)


def layout_changes(changes: Sequence[FieldChanges], width: int) -> Iterator[HelpLine]:
    """Yield the lines: each changed field below its name, then which fields did not change."""
    for field in changes:
        if field.is_changed:
            yield (TextSpan(field.name, "strong"),)
            yield from _wrap(field.parts, width)
            yield ()
    if same := [field.name.lower() for field in changes if not field.is_changed]:
        names = " and ".join(filter(None, (", ".join(same[:-1]), same[-1])))
        for line in wrap_cells(f"{names[0].upper()}{names[1:]} did not change", width):
            yield (TextSpan(line, "muted"),)


def _wrap(parts: Sequence[TextPart], width: int) -> Iterator[HelpLine]:
    """Yield words in lines of at most `width` cells, each in the role of its part."""
    line: list[TextSpan] = []
    used = 0
    for part in parts:
        for word in part.marked_text.split():
            for piece in wrap_cells(word, width):
                cells = cell_width(piece)
                if line and used + 1 + cells > width:
                    yield tuple(line)
                    line, used = [], 0
                line.append(TextSpan(f" {piece}" if line else piece, _ROLES[part.kind]))
                used += cells + (len(line) > 1)
    if line:
        yield tuple(line)

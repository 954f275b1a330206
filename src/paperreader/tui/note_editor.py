"""The note editor: a few lines under the abstract, never in front of it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from paperreader.text.clean import clean, printable
from paperreader.tui import keys
from paperreader.tui.glyphs import UNICODE, Glyphs
from paperreader.tui.one_line import OneLine, Piece, spread


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is being written on."""

    id: str
    """The paper's id."""
    title: str
    base: str
    """The note as it stood when the editor opened."""


class NoteText(TextArea):
    """The text itself: all keys type, but those of the table."""

    BINDINGS = keys.bindings_over(TextArea.BINDINGS, keys.NOTE)

    @dataclass
    class Save(Message):
        """Save what is written."""

    @dataclass
    class Leave(Message):
        """Leave the editor, perhaps without saving."""

    @dataclass
    class Elsewhere(Message):
        """Go on in the user's own editor."""

    # The keys before this one may not have been typed yet: these messages queue up behind them.

    def action_save(self) -> None:
        self.post_message(self.Save())

    def action_leave(self) -> None:
        self.post_message(self.Leave())

    def action_editor(self) -> None:
        self.post_message(self.Elsewhere())

    async def _on_paste(self, event: events.Paste) -> None:
        # NOTE: Textual's own handler (the name is its hook) would insert whatever came, escape sequences included.
        event.text = clean(event.text)
        await super()._on_paste(event)


class NoteHead(OneLine):
    """Whose note it is, and whether it was changed."""

    title = ""
    changed = False
    glyphs: Glyphs = UNICODE

    def pieces(self, width: int) -> list[Piece]:
        head = [Piece(f"{self.glyphs.note} Note", "yours"), Piece(f"  {self.title}", "muted")]
        return spread(head, [Piece("not saved yet", "muted")] if self.changed else [], width)


class NoteEditor(Vertical):
    """Head and text. Closed until `open` is called."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        """What is being written on; None while closed."""
        self.head = NoteHead(id="note-head")
        self.text = NoteText(
            id="note-text", compact=True, highlight_cursor_line=False, tab_behavior="focus", soft_wrap=True
        )

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.text

    def open(self, sheet: Sheet, text: str) -> None:
        """Write on a sheet, beginning with `text` (the note itself, or a draft of it)."""
        self.sheet = sheet
        self.head.title = printable(sheet.title)
        self.text.load_text(clean(text))
        self.text.move_cursor(self.text.document.end)
        self._tell()
        self.screen.set_focus(self.text)

    def close(self) -> None:
        """Put the sheet away."""
        self.sheet = None
        self.text.load_text("")

    @property
    def written(self) -> str:
        """The note as it would be saved: without blank lines and blanks at its end."""
        return self.text.text.rstrip()

    @property
    def changed(self) -> bool:
        """Whether saving would change anything."""
        return self.sheet is not None and self.written != clean(self.sheet.base).rstrip()

    def on_text_area_changed(self) -> None:
        self._tell()

    def _tell(self) -> None:
        self.head.changed = self.changed
        self.head.refresh()

"""The note editor: a few lines under the abstract, never in front of it."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from paperreader.text.sanitize import sanitize, single_line
from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.dialogs import NOTE_KEYS
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.splitter import Splitter
from paperreader.tui.widgets.text_line import TextLine, TextSpan, align_both_ends


class NoteDraft(NamedTuple):
    """What is being written on."""

    id: str
    """The paper's id."""
    title: str
    saved_text: str
    """The note as it stood when the writing began."""

    def differs_from(self, text: str) -> bool:
        """Whether saving `written` would change the note."""
        return normalize_note(text) != normalize_note(self.saved_text)


def normalize_note(text: str) -> str:
    """A note as it is saved: fit to be shown, without blanks and blank lines at its end."""
    return sanitize(text).rstrip()


class NoteTextArea(TextArea):
    """The text itself: all keys type, but those of the table."""

    BINDINGS = bindings_with_inherited(TextArea.BINDINGS, NOTE_KEYS)

    class Save(Message):
        """Save what is written."""

    class Close(Message):
        """Leave the editor, perhaps without saving."""

    class OpenExternalEditor(Message):
        """Go on in the user's own editor."""

    def __init__(self, text: str) -> None:
        super().__init__(
            text,
            id="note-text",
            compact=True,
            highlight_cursor_line=False,
            tab_behavior="focus",
            soft_wrap=True,
        )
        self.move_cursor(self.document.end)

    def render_lines(self, crop: Region) -> list[Strip]:
        if not self.is_attached:
            # Taken out already, and with it its styles; the screen may paint the place once more before it knows.
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)

    # The keys before this one may not have been typed yet: these messages queue up behind them.

    def action_save(self) -> None:
        self.post_message(self.Save())

    def action_close(self) -> None:
        self.post_message(self.Close())

    def action_editor(self) -> None:
        self.post_message(self.OpenExternalEditor())

    async def _on_paste(self, event: events.Paste) -> None:
        # NOTE: Textual's own handler (the name is its hook) would insert whatever came, escape sequences included.
        event.text = sanitize(event.text)
        await super()._on_paste(event)


class NoteHeader(TextLine):
    """Whose note it is, and whether it was changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--yours"}

    def __init__(self, title: str, glyphs: Glyphs) -> None:
        super().__init__(id="note-head")
        self._title, self._glyphs = single_line(title), glyphs
        self.has_changes = False

    def spans(self, width: int) -> list[TextSpan]:
        head = [TextSpan(f"{self._glyphs.note} Note", "yours"), TextSpan(f"  {self._title}", "muted")]
        last = [TextSpan("not saved yet", "muted")] if self.has_changes else []
        return align_both_ends(head, last, width, self._glyphs.ellipsis)


class NoteEditor(Vertical):
    """Head and text of one note; made for it, and removed after it."""

    DEFAULT_CSS = """
    NoteEditor {
        dock: bottom;
        height: 10;

        & > #note-head { background: $surface; padding: 0 1; }
        & > #note-text {
            height: 1fr;
            border: none;
            padding: 0 2;
            background: $background;
            color: $text;

            &:focus { border: none; }
        }
        & > #note-rule { display: none; }
    }
    .-narrow NoteEditor, .-tiny NoteEditor {
        dock: none;
        height: 9fr;

        & > #note-rule { display: block; height: 1; width: 100%; margin: 0 1; }
    }
    """

    def __init__(self, draft: NoteDraft, text: str, glyphs: Glyphs = UNICODE) -> None:
        """`text` is what the editor begins with: the note itself, or a draft of it."""
        super().__init__()  # without an id: the one before may still be on its way out
        self.draft = draft
        self._glyphs = glyphs
        self.header = NoteHeader(draft.title, glyphs)
        self.text_area = NoteTextArea(sanitize(text))

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.text_area
        rule = Splitter(id="note-rule")
        rule.glyphs = self._glyphs
        yield rule

    def on_mount(self) -> None:
        self._update_header()

    @property
    def value(self) -> str:
        """The text as it stands."""
        return self.text_area.text

    @property
    def has_changes(self) -> bool:
        """Whether saving would change anything."""
        return self.draft.differs_from(self.value)

    def on_text_area_changed(self) -> None:
        self._update_header()

    def _update_header(self) -> None:
        self.header.has_changes = self.has_changes
        self.header.refresh()

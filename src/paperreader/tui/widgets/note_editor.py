"""The note editor: a few lines below the abstract, which stays visible."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.dialogs import NOTE_KEYS
from paperreader.tui.model.note_drafts import NoteDraft
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.hidden_text import hide_unsafe_segments
from paperreader.tui.widgets.note_document import NoteDocument
from paperreader.tui.widgets.splitter import Splitter
from paperreader.tui.widgets.text_line import TextLine, TextSpan, align_both_ends


class NoteTextArea(TextArea):
    """The text of the note. All keys type, except those of `NOTE_KEYS`."""

    BINDINGS = bindings_with_inherited(TextArea.BINDINGS, NOTE_KEYS)

    class Save(Message):
        """Request to save the note."""

    class Close(Message):
        """Request to close the editor, perhaps without saving."""

    class OpenExternalEditor(Message):
        """Request to continue in the external editor."""

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

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document("", language)
        # NOTE: what Textual does with its own document, which would split lines at many other characters.
        self.document = NoteDocument(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def render_line(self, y: int) -> Strip:
        return hide_unsafe_segments(super().render_line(y))

    def render_lines(self, crop: Region) -> list[Strip]:
        if not self.is_attached:
            # Already removed, with its styles; the screen may paint its region once more.
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)

    # Earlier keys may still be in the queue: as messages, these requests are handled after them.

    def action_save(self) -> None:
        self.post_message(self.Save())

    def action_close(self) -> None:
        self.post_message(self.Close())

    def action_editor(self) -> None:
        self.post_message(self.OpenExternalEditor())

    async def _on_paste(self, event: events.Paste) -> None:
        # NOTE: Textual's handler of the same name runs after this one and inserts the text. Terminals send line ends as
        # carriage returns.
        event.text = event.text.replace("\r\n", "\n").replace("\r", "\n")


class NoteHeader(TextLine):
    """The title of the paper, and whether the note has unsaved changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--yours"}

    def __init__(self, title: str, glyphs: Glyphs, label: str) -> None:
        super().__init__(id="note-header")
        self._title, self._glyphs, self._label = single_line(title), glyphs, label
        self.has_changes = False

    def spans(self, width: int) -> list[TextSpan]:
        left = [
            TextSpan(f"{self._glyphs.note} {self._label}", "yours"),
            TextSpan(f"  {self._title}", "muted"),
        ]
        right = [TextSpan("unsaved", "muted")] if self.has_changes else []
        return align_both_ends(left, right, width, self._glyphs.ellipsis)


class NoteEditor(Vertical):
    """Header and text of one note. Created when editing starts and removed when it ends."""

    DEFAULT_CSS = """
    NoteEditor {
        dock: bottom;
        height: 10;

        & > #note-header { background: $surface; padding: 0 1; }
        & > #note-text {
            height: 1fr;
            border: none;
            padding: 0 2;
            background: $background;
            color: $text;

            &:focus { border: none; }
        }
        & > #note-splitter { display: none; }
    }
    .-narrow NoteEditor, .-tiny NoteEditor {
        dock: none;
        height: 9fr;

        & > #note-splitter { display: block; height: 1; width: 100%; margin: 0 1; }
    }
    """

    def __init__(self, draft: NoteDraft, text: str, glyphs: Glyphs = UNICODE, *, label: str = "Note") -> None:
        """`text` is the initial text: the note itself, or a draft; `label` says what is written."""
        super().__init__()  # no id: the previous editor may still be in the process of removal
        self.draft = draft
        self._glyphs = glyphs
        self.header = NoteHeader(draft.title, glyphs, label)
        self.text_area = NoteTextArea(text)

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.text_area
        splitter = Splitter(id="note-splitter")
        splitter.glyphs = self._glyphs
        yield splitter

    def on_mount(self) -> None:
        self._update_header()

    @property
    def value(self) -> str:
        """The current text."""
        return self.text_area.text

    def replace_text(self, text: str) -> None:
        """Replace the text, which undo restores, and move the cursor to its end."""
        area = self.text_area
        area.replace(text, area.document.start, area.document.end)
        area.move_cursor(area.document.end)

    @property
    def has_changes(self) -> bool:
        """Whether saving would change the note."""
        return self.draft.differs_from(self.value)

    def on_text_area_changed(self) -> None:
        self._update_header()

    def _update_header(self) -> None:
        self.header.has_changes = self.has_changes
        self.header.refresh()

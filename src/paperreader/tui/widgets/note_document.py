"""The text of a note while it is edited, to the letter."""

from __future__ import annotations

from textual.document._document import Document, EditResult, Location


class NoteDocument(Document):
    """A document whose lines end at line feeds only.

    Textual's own also splits at form feeds, Unicode line separators and others, and replaces them by line feeds.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._lines = text.split("\n")

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        (top_row, top_column), (bottom_row, bottom_column) = top, bottom = sorted((start, end))
        replaced = self.get_text_range(top, bottom)
        before = "".join(self._lines[top_row : top_row + 1])[:top_column]
        after = "".join(self._lines[bottom_row : bottom_row + 1])[bottom_column:]
        lines = (before + text).split("\n")
        end_location = (top_row + len(lines) - 1, len(lines[-1]))
        lines[-1] += after
        self._lines[top_row : bottom_row + 1] = lines
        return EditResult(end_location, replaced)

"""Drafts of notes, and recovery of notes that a killed reader or its external editor could not save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.errors import PaperreaderError
from paperreader.tui.terminal.edit_folder import EditFolder

if TYPE_CHECKING:
    from paperreader.library import Library


MAX_UNCHANGED_SECONDS = 7 * 24 * 3600.0
"""How long an unchanged file is kept for an editor that may still be open."""

_EARLIER_RECORDS_KEY = "editing"
"""Key in the state file of earlier versions, which did not store the paper's id in the folder of the file."""


COMMENT_SEPARATOR = "#"
"""Between the id of a paper and that of a highlight, in the id of the draft of a comment."""


class NoteDraft(NamedTuple):
    """The note that is being edited."""

    id: str
    """The paper's id."""
    title: str
    saved_text: str
    """The note when editing started."""

    def differs_from(self, text: str) -> bool:
        """Return whether saving `text` would change the note."""
        return normalize_note(text) != normalize_note(self.saved_text)


def normalize_note(text: str) -> str:
    """Return a note as it is saved: to the letter, with line feeds as line ends, without trailing whitespace."""
    return text.replace("\r\n", "\n").rstrip()


def unsaved_drafts(library: Library) -> list[tuple[str, str]]:
    """Return ids and titles of papers whose draft differs from their note. Other drafts are deleted.

    Drafts that a running reader is writing, this one or another, are neither.
    """
    recovered = _recover_abandoned_edits(library)
    found = []
    for id, text in library.state.drafts.items():
        row = library.table.row_of(id)
        if row is None or (id not in recovered and library.state.is_being_written(id)):
            continue
        if normalize_note(text) == normalize_note(library.mark(row).note_text):
            library.state.save_draft(id, "")
        else:
            found.append((id, library.paper(row).title))
    return found


def add_to_draft(library: Library, id: str, text: str) -> bool:
    """Store text as the draft of a paper, below a draft that is there already. Return whether it is on the disk."""
    library.state.add_to_draft(id, text)
    return not library.state.write_failed


def _recover_abandoned_edits(library: Library) -> set[str]:
    """Turn the files of external editors whose reader has ended into drafts. Return the ids of their papers."""
    state = library.state
    recovered: set[str] = set()
    if state.folder is None:
        return recovered
    earlier = _parse_earlier_records(state.get(_EARLIER_RECORDS_KEY))
    folders = EditFolder.list_in(state.folder)
    for folder in folders:
        if not folder.in_use():
            id = folder.paper or earlier.pop(folder.process_id, "")
            if _recover(library, folder, id):
                recovered.add(id)
    names = {folder.process_id for folder in folders}
    if any(pid not in names for pid in _parse_earlier_records(state.get(_EARLIER_RECORDS_KEY))):
        state.set(_EARLIER_RECORDS_KEY, {pid: id for pid, id in earlier.items() if pid in names} or None)
    return recovered


def _recover(library: Library, folder: EditFolder, id: str) -> bool:
    """Return whether the text became a draft."""
    try:
        text = folder.read_change()
    except PaperreaderError:
        return False  # too long for a note; the message about it named the file
    paper, _, passage = id.partition(COMMENT_SEPARATOR)
    row = library.table.row_of(paper) if paper else None
    if text is None or not text.strip():
        # An editor that returned at once may still save it.
        if folder.age_seconds > MAX_UNCHANGED_SECONDS or not folder.file.exists():
            folder.delete()
        return False
    if row is None and id:
        return False  # the paper may come back
    note = library.mark(row).note_text if row is not None and not passage else ""
    is_saved = normalize_note(text) == normalize_note(note)
    is_draft = not is_saved and id != "" and add_to_draft(library, id, normalize_note(text))
    if is_saved or is_draft:
        if folder.may_be_open:
            folder.accept_change()
        else:
            folder.delete()
    return is_draft and not passage  # a comment is offered when its passage is commented on again


def _parse_earlier_records(value: Any) -> dict[str, str]:
    """Parse what earlier versions stored: paper ids by the process id of the reader."""
    return {pid: id for pid, id in value.items() if isinstance(id, str)} if isinstance(value, dict) else {}

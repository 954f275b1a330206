"""Drafts of notes, and recovery of notes that a killed reader or its external editor could not save."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.text.sanitize import sanitize

if TYPE_CHECKING:
    from paperreader.library import Library


EXTERNAL_EDITS_KEY = "editing"
"""Key in the state file: the id of the paper whose note is in an external editor, by the process id of the reader."""


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
    """Return a note as it is saved: sanitized, without trailing whitespace."""
    return sanitize(text).rstrip()


def parse_external_edits(value: Any) -> dict[str, str]:
    """Parse the state entry: paper ids by the process id of the reader."""
    return {pid: id for pid, id in value.items() if isinstance(id, str)} if isinstance(value, dict) else {}


def record_external_edit(library: Library, id: str) -> Path:
    """Record that the note of a paper is in the external editor. Return the folder for its file."""
    import tempfile

    state = library.state
    edits = parse_external_edits(state.get(EXTERNAL_EDITS_KEY))
    state.set(EXTERNAL_EDITS_KEY, {**edits, str(os.getpid()): id})
    return _edit_folder(state.folder or Path(tempfile.gettempdir()), os.getpid())


def clear_external_edit(library: Library) -> None:
    """Remove the record after the editor has ended."""
    edits = parse_external_edits(library.state.get(EXTERNAL_EDITS_KEY))
    edits.pop(str(os.getpid()), None)
    library.state.set(EXTERNAL_EDITS_KEY, edits or None)


def unsaved_drafts(library: Library) -> list[tuple[str, str]]:
    """Return ids and titles of papers whose draft differs from their note. Other drafts are deleted."""
    _recover_abandoned_edits(library)
    found = []
    for id, text in library.state.drafts.items():
        row = library.table.row_of(id)
        if row is None:
            continue
        if normalize_note(text) == normalize_note(library.mark(row).note_text):
            library.state.save_draft(id, "")
        else:
            found.append((id, library.paper(row).title))
    return found


def _recover_abandoned_edits(library: Library) -> None:
    """Turn the files of external editors whose reader has ended into drafts."""
    from paperreader.tui.terminal.external_editor import recover_abandoned_edit

    state = library.state
    edits = parse_external_edits(state.get(EXTERNAL_EDITS_KEY))
    abandoned = {pid: id for pid, id in edits.items() if pid.isdecimal() and not _is_running(int(pid))}
    if not abandoned or state.folder is None:
        return
    for pid, id in abandoned.items():
        text = recover_abandoned_edit(_edit_folder(state.folder, int(pid)))
        if text and text.strip():
            state.save_draft(id, normalize_note(text))
    state.set(EXTERNAL_EDITS_KEY, {pid: id for pid, id in edits.items() if pid not in abandoned} or None)


def _edit_folder(folder: Path, pid: int) -> Path:
    return folder / f"editing-{pid}"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # the process of another user, or not a process id
    return True

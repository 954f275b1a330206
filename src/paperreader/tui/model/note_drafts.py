"""Notes that a reader which was ended could not save: typed in it, or in an editor that outlived it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from paperreader.library import Library
from paperreader.tui.terminal.external_editor import recover_abandoned_edit
from paperreader.tui.widgets.note_editor import normalize_note

EXTERNAL_EDITS_KEY = "editing"
"""The key of the state under which readers say whose note their editor has: id by process."""


def parse_external_edits(value: Any) -> dict[str, str]:
    """Whose note is in an editor, by the number of the reader's process."""
    return {pid: id for pid, id in value.items() if isinstance(id, str)} if isinstance(value, dict) else {}


def record_external_edit(library: Library, id: str) -> Path:
    """Remember that this reader's editor has the note of a paper; gives the folder it is to write in."""
    import tempfile

    state = library.state
    state.set(
        EXTERNAL_EDITS_KEY, {**parse_external_edits(state.get(EXTERNAL_EDITS_KEY)), str(os.getpid()): id}
    )
    return _edit_folder(state.folder or Path(tempfile.gettempdir()), os.getpid())


def clear_external_edit(library: Library) -> None:
    """The editor has ended, and somebody lived to see it."""
    rest = parse_external_edits(library.state.get(EXTERNAL_EDITS_KEY))
    rest.pop(str(os.getpid()), None)
    library.state.set(EXTERNAL_EDITS_KEY, rest or None)


def unsaved_drafts(library: Library) -> list[tuple[str, str]]:
    """Ids and titles of papers with a draft that says something else than their note does. Others are forgotten."""
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
    """Make drafts of what editors wrote whose readers are no more."""
    state = library.state
    left = parse_external_edits(state.get(EXTERNAL_EDITS_KEY))
    gone = {pid: id for pid, id in left.items() if pid.isdecimal() and not _is_running(int(pid))}
    if not gone or state.folder is None:
        return
    for pid, id in gone.items():
        text = recover_abandoned_edit(_edit_folder(state.folder, int(pid)))
        if text and text.strip():
            state.save_draft(id, normalize_note(text))
    state.set(EXTERNAL_EDITS_KEY, {pid: id for pid, id in left.items() if pid not in gone} or None)


def _edit_folder(folder: Path, pid: int) -> Path:
    return folder / f"editing-{pid}"


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # somebody else's, or nobody's
    return True

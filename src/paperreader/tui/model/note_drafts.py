"""Notes that a reader which was ended could not save: typed in it, or in an editor that outlived it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from paperreader.library import Library
from paperreader.tui.terminal.external_editor import leftover
from paperreader.tui.widgets.note_editor import tidy

EDITING = "editing"
"""The key of the state under which readers say whose note their editor has: id by process."""


def editing(value: Any) -> dict[str, str]:
    """Whose note is in an editor, by the number of the reader's process."""
    return {pid: id for pid, id in value.items() if isinstance(id, str)} if isinstance(value, dict) else {}


def begin_editing(library: Library, id: str) -> Path:
    """Remember that this reader's editor has the note of a paper; gives the folder it is to write in."""
    import tempfile

    state = library.state
    state.set(EDITING, {**editing(state.get(EDITING)), str(os.getpid()): id})
    return _folder(state.folder or Path(tempfile.gettempdir()), os.getpid())


def end_editing(library: Library) -> None:
    """The editor has ended, and somebody lived to see it."""
    rest = editing(library.state.get(EDITING))
    rest.pop(str(os.getpid()), None)
    library.state.set(EDITING, rest or None)


def collect(library: Library) -> list[tuple[str, str]]:
    """Ids and titles of papers with a draft that says something else than their note does. Others are forgotten."""
    _take_leftovers(library)
    found = []
    for id, text in library.state.drafts.items():
        row = library.table.row_of(id)
        if row is None:
            continue
        if tidy(text) == tidy(library.mark(row).note_text):
            library.state.keep_draft(id, "")
        else:
            found.append((id, library.paper(row).title))
    return found


def _take_leftovers(library: Library) -> None:
    """Make drafts of what editors wrote whose readers are no more."""
    state = library.state
    left = editing(state.get(EDITING))
    gone = {pid: id for pid, id in left.items() if pid.isdecimal() and not _is_alive(int(pid))}
    if not gone or state.folder is None:
        return
    for pid, id in gone.items():
        text = leftover(_folder(state.folder, int(pid)))
        if text and text.strip():
            state.keep_draft(id, tidy(text))
    state.set(EDITING, {pid: id for pid, id in left.items() if pid not in gone} or None)


def _folder(folder: Path, pid: int) -> Path:
    return folder / f"editing-{pid}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # somebody else's, or nobody's
    return True

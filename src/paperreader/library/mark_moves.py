"""What the catalog needs of the notebook when it splits or joins papers: the marked ids, and moving marks."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from paperreader.catalog.marked_ids import MarkedIds
from paperreader.errors import StorageError
from paperreader.local_state import LocalState
from paperreader.models import Mark
from paperreader.notebook import Notebook


class MarkMoves:
    """Moves marks in one notebook for the catalog.

    It does not refer to the stores: with a cycle of references, open files would outlive a library that is dropped.

    Attributes:
        state_folder: folder of the local state with the drafts; None while the library has none.
    """

    def __init__(self, notebook: Notebook, warnings: list[str]) -> None:
        """Warnings for the user are appended to `warnings`."""
        self._notebook = notebook
        self._warnings = warnings
        self._polled: Mapping[str, Mark] | None = None
        """The notebook, if it has changed and `poll` has not returned it yet."""
        self.state_folder: Path | None = None

    def callbacks(self) -> MarkedIds:
        """Return what the catalog calls."""
        return MarkedIds(self._load_ids, self._move)

    def poll(self) -> Mapping[str, Mark] | None:
        """Return the marks if the notebook changed since the last call, else None."""
        polled, self._polled = self._notebook.poll() or self._polled, None
        return polled

    def _load_ids(self) -> Container[str]:
        """Return the ids under which the user has written something."""
        self._polled = self._notebook.poll() or self._polled
        return {*self._notebook.load(), *LocalState(self.state_folder).drafts}

    def _move(self, ids: Mapping[str, str]) -> None:
        """Move the marks of works that were separated from the paper with their id."""
        try:
            self._polled = self._notebook.move(ids).marks
        except StorageError as error:
            names = ", ".join(f"{old} to {new}" for old, new in ids.items())
            self._warnings.append(
                f"Works were separated, but their marks could not be moved from {names}: {error}"
            )

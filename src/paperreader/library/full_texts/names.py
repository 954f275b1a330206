"""Which papers have a stored full text: from the names of folders, which are read when that is asked for."""

from __future__ import annotations

import threading
from collections.abc import Set
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.fulltext.store import stored_ids
from paperreader.models import PaperTable

if TYPE_CHECKING:
    from paperreader.library.stores import Stores


class TextNames:
    """Reads the folder of the texts again when it has changed. Thread-safe; for workers."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._lock = threading.Lock()
        self._state: object = None
        self._ids: frozenset[str] = frozenset()
        self._rows: tuple[object, frozenset[int]] = (None, frozenset())

    def rows(self, table: PaperTable) -> Set[int]:
        """Return the rows of the papers of a table with a stored full text."""
        with self._lock:
            ids = self._read()
            known = (table.version, self._state)
            if self._rows[0] != known:
                found = (table.row_of(id) for id in ids)
                self._rows = (known, frozenset(row for row in found if row is not None))
            return self._rows[1]

    def _read(self) -> frozenset[str]:
        uuid = self._stores.uuid
        folder = paths.full_text_folder(uuid) if uuid else None
        try:
            state = (folder, folder.stat().st_mtime_ns) if folder is not None else None
        except OSError:  # nothing was stored yet
            state = None
        if state is None:
            self._state, self._ids = None, frozenset()
        elif state != self._state and folder is not None:
            self._state, self._ids = state, stored_ids(folder)
        return self._ids

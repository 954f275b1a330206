"""The stores of one library folder, with the table and marks that are current in this process."""

from __future__ import annotations

import datetime as dt
import gc
import threading
import weakref
from collections.abc import Callable, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from paperreader import paths
from paperreader.catalog import Catalog, CatalogTable
from paperreader.library.clock_check import check_since_last_start
from paperreader.library.live_marks import LiveMarks
from paperreader.library.mark_moves import MarkMoves
from paperreader.library.types import Update
from paperreader.local_state import LocalState
from paperreader.notebook import Notebook

if TYPE_CHECKING:
    from paperreader.library.citations.counts import CitationCounts
    from paperreader.library.full_texts.names import TextNames
    from paperreader.models import PaperTable
    from paperreader.search import IndexStore, SearchEngine

Result = TypeVar("Result")

MAX_INLINE_MERGE_BYTES = 2 << 20
"""Size of the new part of a catalog conflict copy up to which `poll` merges it: some thousand papers."""


class Stores:
    """Catalog, notebook, search index and local state of one folder. The services of the library share one instance.

    Opening reads the row table and the notebook. It writes nothing into an empty folder.

    Attributes:
        io_lock: held while this process reads or writes the stores.
        table: the current catalog table, replaced by `apply_update`.
        live_marks: the current marks, including changes that are not saved yet.

    Raises:
        StorageError: the folder cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notebook = Notebook(folder)
        self._warnings: list[str] = []
        self._mark_moves = MarkMoves(self.notebook, self._warnings)
        self.catalog = Catalog(folder, marks=self._mark_moves.callbacks())
        self.io_lock = threading.RLock()
        self._engine_lock = threading.RLock()
        """Held while the engine is loaded: several threads need it right after the start, and one index is enough."""
        self._search_engine: SearchEngine | None = None
        self._index_store: IndexStore | None = None
        self.table: CatalogTable = self.catalog.recover_end(self.catalog.open())
        self.live_marks = LiveMarks(self.notebook.load(), self.table)
        self.state = self.open_state()
        self._collect_warnings()
        if warning := check_since_last_start(self.state, dt.datetime.now(dt.UTC).date()):
            self.warn(warning)

    @property
    def uuid(self) -> str:
        """UUID of the library; empty until the first paper is stored."""
        return self.catalog.uuid

    @property
    def cache_folder(self) -> Path:
        """Folder of the derived files. Needs a `uuid`."""
        return paths.cache_folder(self.uuid)

    # Warnings

    def warn(self, message: str) -> None:
        """Queue a warning for the user."""
        self._warnings.append(message)

    def pop_warnings(self) -> tuple[str, ...]:
        """Return the warnings for the user, such as a repaired store, and clear them."""
        if self.state.get("importing") is not None:  # rare, so the module is imported only then
            from paperreader.library import running_import

            if message := running_import.interrupted_import_message(
                self.state, self.cache_folder, self.table
            ):
                self._warnings.append(message)
        self._collect_warnings()
        warnings = tuple(self._warnings)
        self._warnings.clear()
        return warnings

    # Changes made by other processes

    def poll(self) -> Update | None:
        """Return what changed on disk since `table` and the marks were read; None if nothing did."""
        with self.io_lock:
            self._warnings += self.catalog.merge_conflict_copies(MAX_INLINE_MERGE_BYTES)
            table = self.catalog.poll(self.table)
            notebook = self._mark_moves.poll()
        warnings = self.pop_warnings()
        if table is None and notebook is None and not warnings:
            return None
        if table is not None or notebook is not None:
            self.live_marks.prepare(notebook, self.table if table is None else table)
        return Update(table=table, notebook=notebook, warnings=warnings)

    def apply_update(self, update: Update) -> None:
        """Replace the current values. After a change of generation, row numbers refer to other papers."""
        if update.table is not None:
            self.table = update.table
        if not self.state.folder:
            self.state = self.open_state()
        before = self.live_marks.ambiguous
        self.live_marks.apply_update(update.notebook, self.table, update.saved_changes)
        for name in sorted(self.live_marks.ambiguous.keys() - before.keys()):
            message = self.describe_ambiguous_mark(name)
            self.warn(f"{message[0].upper()}{message[1:]}.")

    def refresh(self) -> None:
        """Do `poll` and `apply_update`, in programs with one thread."""
        if update := self.poll():
            self._warnings.extend(update.warnings)
            self.apply_update(update)

    # Opening parts

    def open_state(self) -> LocalState:
        """Open the local state; it is only in memory while the library has no `uuid`."""
        folder = self._mark_moves.state_folder = paths.state_folder(self.uuid) if self.uuid else None
        return LocalState(folder)

    def search_engine(self) -> SearchEngine:
        """Return the search engine, loading it on first use. For several threads."""
        with self._engine_lock:
            if self._search_engine is None:
                store = self.index_store()
                from paperreader.search import SearchEngine

                self._search_engine = SearchEngine(store, _weak(self.rows_with_text), _weak(self.citations))
                self._after_engine_import()
            return self._search_engine

    def citations(self, table: PaperTable) -> Mapping[int, int]:
        """Return the numbers of citations by the rows of a table, of papers whose count was requested."""
        return self.citation_counts.rows(table)

    @cached_property
    def citation_counts(self) -> CitationCounts:
        """How often the papers are cited, as services have counted."""
        from paperreader.library.citations.counts import CitationCounts

        return CitationCounts(lambda: self.uuid)

    def rows_with_text(self, table: PaperTable) -> Set[int]:
        """Return the rows of the papers of a table with a stored full text. Reads names of files: for a worker."""
        if not self.uuid or not paths.full_text_folder(self.uuid).exists():
            return frozenset()
        return self._text_names.rows(table)

    @cached_property
    def _text_names(self) -> TextNames:
        from paperreader.library.full_texts.names import TextNames  # needed once a full text is stored

        return TextNames(self)

    def index_store(self) -> IndexStore:
        """Return the index on disk, for updates. Loads a third less than the search engine. For several threads."""
        with self._engine_lock:
            if self._index_store is None:
                # Imports NumPy (0.1 s): never before the first paint.
                from paperreader.search import IndexStore

                self._index_store = IndexStore(self.cache_folder / "index")
                self._after_engine_import()
            return self._index_store

    @staticmethod
    def _after_engine_import() -> None:
        from paperreader.system.memory import release_large_arrays_early

        release_large_arrays_early()
        # Loaded modules are never freed, and scanning them for garbage again would occasionally delay a key press.
        gc.freeze()

    def describe_ambiguous_mark(self, name: str) -> str:
        """Return a clause about one of `live_marks.ambiguous`: what is wrong, and what to do."""
        ids = ", ".join(self.table.id_of(row) for row in self.live_marks.ambiguous[name])
        return (
            f"marks under the id {name} are not shown, because they may belong to any of {ids}; "
            f"replace the id in {self.notebook.path.name} by the right one"
        )

    def _collect_warnings(self) -> None:
        for store in (self.catalog, self.notebook):
            self._warnings.extend(store.warnings)
            store.warnings.clear()
        if warning := self.state.pop_warning():
            self.warn(warning)


def _weak(method: Callable[[PaperTable], Result]) -> Callable[[PaperTable], Result]:
    """Return a function that calls a method of an object in use, and does not keep the object alive.

    The stores would be a part of a cycle of references, which keeps files open: see `Stores._after_engine_import`.
    """
    reference = weakref.WeakMethod(method)

    def call(table: PaperTable) -> Result:
        found = reference()
        assert found is not None
        return found(table)

    return call

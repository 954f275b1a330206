"""The one facade over catalog, notebook, sources, exports and search. It returns data and renders nothing.

Two threads use it in the reader. The user interface owns `table` and `marks`: it alone replaces them, through `adopt`,
`preview` and `withdraw`. Everything that touches a disk (`poll`, `save`, `search`, `view`, imports) may run in a worker,
takes the values it needs at its start, and returns new ones.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paperreader import paths
from paperreader.catalog import Catalog, Table
from paperreader.errors import Ambiguous, NotFound, PaperreaderError
from paperreader.models import (
    CODE_FLAG,
    NO_MARK,
    Change,
    Entry,
    Hits,
    Mark,
    Paper,
    PaperTable,
    Problem,
)
from paperreader.notebook import Notebook, apply_change, merge_marks
from paperreader.state import State
from paperreader.text.ids import arxiv_id, doi

if TYPE_CHECKING:
    from paperreader.search import SearchIndex

View = Literal["all", "new", "unread", "bookmarks", "code"]
"""A named selection of the library, newest first."""

VIEWS: tuple[View, ...] = ("all", "new", "unread", "bookmarks", "code")
"""In the order of the keys 1 to 5."""

Never = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work has come."""

    stage: Literal["reading", "indexing"]
    done: int
    total: int | None
    """None while it is not known how much there is."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import met: `read = new + merged + unchanged`, counted per record."""

    read: int
    new: int
    merged: int
    unchanged: int
    problems: tuple[Problem, ...]
    unreadable: int
    """How many of the given paths could not be read at all."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many papers each view holds."""

    total: int
    new: int
    unread: int
    bookmarks: int
    code: int

    def of(self, view: View) -> int:
        return {"all": self.total}.get(view, 0) if view == "all" else int(getattr(self, view))


@dataclass(frozen=True, slots=True)
class Update:
    """Fresh values for `adopt`: what changed on disk since the ones in force."""

    table: Table | None = None
    notebook: Mapping[str, Mark] | None = None
    settled: tuple[Change, ...] = ()
    """Previewed changes that `notebook` already holds."""
    conflicts: tuple[str, ...] = ()
    """Ids whose note had been changed elsewhere: both texts were kept."""
    notices: tuple[str, ...] = field(default=())


class Library:
    """The papers of one folder and what the reader has said about them.

    Opening reads the row table and the notebook, and writes nothing into an empty folder.

    Raises:
        StorageError: the folder cannot be read.
    """

    def __init__(self, folder: Path, *, is_sample: bool = False) -> None:
        self.folder = folder
        self.is_sample = is_sample
        self._catalog = Catalog(folder)
        self._book = Notebook(folder)
        self._disk = threading.RLock()
        """Held by whoever reads or writes the stores in this process."""
        self._notices: list[str] = []
        self._pending: tuple[Change, ...] = ()
        self._index: SearchIndex | None = None
        self.table: Table = self._catalog.open()
        self._notebook: Mapping[str, Mark] = self._book.load()
        self.marks: Mapping[int, Mark] = _by_row(self._notebook, self.table)
        """Marks by row. Replaced, never changed in place, so a worker may go on reading an older one."""
        self.state = self._open_state()
        self._collect_notices()

    @classmethod
    def open(cls, folder: Path | None = None, *, sample: bool = False) -> Library:
        """The library in `folder` (default: see `paths.library_folder`), or the sample library, filled on first use.

        Raises:
            StorageError: the folder cannot be read, or the sample pages cannot be stored.
        """
        if not sample:
            return cls(paths.library_folder(folder))
        library = cls(folder or paths.sample_library_folder(), is_sample=True)
        library._fill_with_samples()
        return library

    @property
    def uuid(self) -> str:
        """The library's identity; empty until the first paper is stored."""
        return self._catalog.uuid

    @property
    def read_only(self) -> bool:
        """Whether marks cannot be saved, because a newer version wrote the notebook."""
        return self._book.read_only

    def take_notices(self) -> tuple[str, ...]:
        """What the reader has to be told (a store was repaired, say), each once."""
        self._collect_notices()
        taken, self._notices = tuple(self._notices), []
        return taken

    # Looking things up

    def paper(self, row: int) -> Paper:
        """The paper at that row of the table in force."""
        return self.table.paper(row)

    def mark(self, row: int) -> Mark:
        """What was said about the paper at that row."""
        return self.marks.get(row, NO_MARK)

    def resolve(self, text: str) -> int:
        """The row of an id, with version, with `arXiv:`, as a URL, an alias, or an unambiguous prefix.

        Raises:
            NotFound: no paper answers to it.
            Ambiguous: several papers do.
        """
        text = text.strip()
        for candidate in (text, arxiv_id(text), doi(text)):
            if candidate and (row := self.table.row_of(candidate)) is not None:
                return row
        starting = self.table.ids_starting(text, limit=4) if text else []
        if len(starting) == 1 and (row := self.table.row_of(starting[0])) is not None:
            return row
        if starting:
            shown = ", ".join(starting[:3]) + (", …" if len(starting) > 3 else "")
            raise Ambiguous(f"{text} could be {shown}; give more of the id.")
        raise NotFound(f"No paper {text or 'without a name'} in this library; `paperreader search` finds ids.")

    def view(self, view: View) -> Sequence[int]:
        """The rows of a view, newest first."""
        table, marks = self.table, self.marks
        newest = table.newest
        if view == "all":
            return newest
        if view == "unread":
            return [row for row in newest if not (row in marks and marks[row].is_read)]
        if view == "code":
            return [row for row in newest if table.flags(row) & CODE_FLAG]
        if view == "new":
            since = self._visited_rows()
            return [row for row in newest if row >= since]
        chosen = {row for row, mark in marks.items() if mark.bookmarked}
        return [row for row in newest if row in chosen]

    def counts(self) -> Counts:
        """The size of every view. Walks the table once: for a worker."""
        table, marks = self.table, self.marks
        total = len(table)
        live = [(row, mark) for row, mark in marks.items() if table.is_live(row)]
        return Counts(
            total=total,
            new=len(self.view("new")),
            unread=total - sum(mark.is_read for _, mark in live),
            bookmarks=sum(mark.bookmarked for _, mark in live),
            code=sum(1 for row in table.newest if table.flags(row) & CODE_FLAG),
        )

    def search(self, query: str, *, cancelled: Never = lambda: False) -> Hits:
        """The papers that answer `query`, ranked; everything, newest first, when it is empty.

        Reads the index as it stands: papers that came in since are missing until `reindex` has caught up.

        Raises:
            StorageError: there is no usable index (see `index_ready`).
        """
        table, marks = self.table, self.marks
        if not query.strip():
            began = time.perf_counter()
            rows = table.newest
            took = time.perf_counter() - began
            return Hits(query, table.generation, rows, len(rows), (), took, lambda text: [])
        return self._search_index().search(query, table, marks, cancelled=cancelled)

    def index_ready(self) -> bool:
        """Whether the index holds exactly the papers of the table in force."""
        return self.table.stamp.committed == 0 or self._search_index().is_current(self.table.stamp)

    # Following what other processes do

    def poll(self) -> Update | None:
        """What changed on disk since `table` and the marks in force were read; None when nothing did."""
        with self._disk:
            table = self._catalog.poll(self.table)
            notebook = self._book.poll()
        notices = self.take_notices()
        if table is None and notebook is None and not notices:
            return None
        return Update(table=table, notebook=notebook, notices=notices)

    def adopt(self, update: Update) -> None:
        """Put fresh values in force. Rows of another generation mean other papers from here on."""
        if update.table is not None:
            self.table = update.table
        if update.notebook is not None:
            self._notebook = update.notebook
        if not self.state.folder:
            self.state = self._open_state()
        self._drop_pending(update.settled)

    def refresh(self) -> None:
        """`poll` and `adopt` at once, for programs with one thread."""
        if update := self.poll():
            self._notices.extend(update.notices)
            self.adopt(update)

    # Marks

    def preview(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Show `changes` in `marks` at once, before they are saved, and give the changes that undo them."""
        inverse = tuple(self._inverse(change) for change in changes)
        self._pending += tuple(changes)
        self._recompute(changes)
        return inverse

    def withdraw(self, changes: Sequence[Change]) -> None:
        """Take previewed changes back out of `marks`, because they could not be saved."""
        self._drop_pending(tuple(changes))

    def save(self, changes: Sequence[Change]) -> Update:
        """Write `changes` to the notebook; they are durable when this returns. Adopt what it gives.

        Raises:
            StorageError: nothing was saved.
        """
        with self._disk:
            saved = self._book.save(changes)
        return Update(notebook=saved.marks, settled=tuple(changes), conflicts=saved.conflicts)

    def change(self, changes: Sequence[Change]) -> Update:
        """`save` and `adopt` at once, for programs with one thread."""
        update = self.save(changes)
        self.adopt(update)
        return update

    # Papers in and out

    def import_paths(
        self,
        given: Sequence[str],
        *,
        date: str | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> ImportReport:
        """Bring every readable paper of files and folders (`-`: standard input) into the library.

        `date` (ISO) is the listing day of every page among them, whatever their names say. Papers, marks and the index
        are durable when this returns; when it is interrupted, finished chunks stay and a repetition completes them.

        Raises:
            StorageError: the library cannot be written.
        """
        from paperreader import sources

        problems: list[Problem] = []
        unreadable = 0
        marks: list[tuple[int, Mark]] = []

        def entries() -> Iterator[Entry]:
            nonlocal unreadable
            today = dt.datetime.now(dt.UTC).date()
            met = 0
            for item in sources.expand(given):
                if isinstance(item, Problem):
                    problems.append(item)
                    unreadable += isinstance(item, sources.Unreadable)
                    continue
                for found in sources.read(item, date=date, today=today):
                    if isinstance(found, Problem):
                        problems.append(found)
                        unreadable += isinstance(found, sources.Unreadable)
                        continue
                    if found.mark is not None:
                        marks.append((met, found.mark))
                    met += 1
                    yield found

        with self._disk:
            report = self._catalog.add(
                entries(),
                date_given=date is not None,
                progress=lambda done: progress(Progress("reading", done, None)),
            )
            self.refresh()
            if marks:
                self._merge_marks(marks, report.ids)
        self.reindex(progress)
        return ImportReport(
            report.read, report.new, report.merged, report.unchanged, tuple(problems), unreadable
        )

    def remove(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Take papers out of the catalog (their marks stay in the notebook). Gives the ids removed.

        Raises:
            NotFound, Ambiguous: one of the ids is no paper's; nothing was removed.
            StorageError: the catalog cannot be written.
        """
        exact = [self.table.paper(self.resolve(text)).id for text in ids]
        return self._removal(lambda: self._catalog.remove(exact).ids)

    def remove_source(self, name: str) -> tuple[str, ...]:
        """Take back what the source of that name brought. Gives the ids of the papers removed or changed.

        Raises:
            NotFound: no paper came from it.
            StorageError: the catalog cannot be written.
        """
        return self._removal(lambda: self._catalog.remove_source(name).ids)

    def undo_remove(self) -> tuple[str, ...]:
        """Bring back what the last removal took. Gives the ids, none when there is nothing to undo.

        Raises:
            StorageError: the catalog cannot be written.
        """

        def undo() -> tuple[str, ...]:
            report = self._catalog.undo_remove()
            return report.ids if report else ()

        return self._removal(undo)

    def export(self, rows: Iterable[int], form: str) -> Iterator[str]:
        """The papers at `rows` in an export format, as lines without their ends."""
        from paperreader import exports

        return exports.lines(
            form,
            (
                exports.Exported(paper, self.mark(row), self._catalog.records(self.table, row))
                for row in rows
                for paper in [self.table.paper(row)]
            ),
        )

    # Keeping the derived files right

    def reindex(
        self, progress: Callable[[Progress], None] = lambda _: None, *, from_scratch: bool = False
    ) -> None:
        """Bring the index up to date with the catalog, or build it anew.

        Raises:
            StorageError: the cache folder cannot be written.
        """
        self.refresh()
        if self.table.stamp.committed:
            self._search_index().update(
                self.table,
                lambda done, total: progress(Progress("indexing", done, total)),
                from_scratch=from_scratch,
            )

    def compact(self) -> None:
        """Rewrite the catalog without its dead lines."""
        with self._disk:
            self._catalog.compact()
            self.refresh()

    def check(self) -> list[Problem]:
        """Everything that is wrong with the stores, and where they disagree."""
        with self._disk:
            problems = [*self._catalog.verify(), *self._book.verify()]
            if self.table.stamp.committed:
                problems += self._search_index().verify()
                if not self.index_ready():
                    problems.append(
                        Problem("index", None, "the index is behind the catalog; `paperreader reindex` mends it")
                    )
        return problems

    def repair(self) -> list[str]:
        """Mend what can be mended. Gives a sentence for each thing done.

        Raises:
            StorageError: a store cannot be written.
        """
        with self._disk:
            done = [*self._catalog.repair(), *self._book.repair()]
            self.refresh()
            if self.table.stamp.committed and (not self.index_ready() or self._search_index().verify()):
                self.reindex(from_scratch=True)
                done.append("The search index was built anew.")
        return done

    def note_visit(self) -> None:
        """Remember that everything now in the library has been shown once: `new` counts from here."""
        self.state.set("visited", {"generation": self.table.generation, "rows": self.table.size})

    # Inner workings

    def _search_index(self) -> SearchIndex:
        if self._index is None:
            from paperreader.search import SearchIndex  # Whoosh and NumPy, 0.2 s: never before the first paint

            self._index = SearchIndex(paths.cache_folder(self.uuid) / "index")
        return self._index

    def _open_state(self) -> State:
        return State(paths.state_folder(self.uuid) if self.uuid else None)

    def _collect_notices(self) -> None:
        for store in (self._catalog, self._book):
            self._notices.extend(store.notices)
            store.notices.clear()

    def _visited_rows(self) -> int:
        visited = self.state.get("visited")
        if not isinstance(visited, dict) or visited.get("generation") != self.table.generation:
            return 0 if visited is None else self.table.size
        return int(visited.get("rows", 0))

    def _fill_with_samples(self) -> None:
        pages = paths.sample_pages()
        wanted = sorted(f"{page.name}:{page.stat().st_size}" for page in pages.glob("*.txt"))
        if len(self.table) and self.state.get("samples") == wanted:
            return
        report = self.import_paths([str(pages)])
        if not report.read:
            raise PaperreaderError(f"The sample pages are missing from {pages}; install paperreader again.")
        self.state.set("samples", wanted)

    def _recompute(self, changed: Iterable[Change] | None = None) -> None:
        """Marks in force: what the notebook says, and the pending changes on top."""
        now = time.time_ns() // 1_000_000
        if changed is None:
            marks = _by_row(self._notebook, self.table)
            changed = self._pending
        else:
            marks = dict(self.marks)
        for change in changed:
            if (row := self.table.row_of(change.id)) is not None:
                marks[row] = apply_change(marks.get(row, NO_MARK), change, now)
        self.marks = marks

    def _drop_pending(self, changes: Sequence[Change]) -> None:
        settled = {id(change) for change in changes}
        self._pending = tuple(change for change in self._pending if id(change) not in settled)
        self._recompute()

    def _inverse(self, change: Change) -> Change:
        row = self.table.row_of(change.id)
        mark = self.mark(row) if row is not None else NO_MARK
        held = set(mark.tag_names)
        return replace(
            change,
            bookmark=None if change.bookmark is None else mark.bookmarked,
            read=None if change.read is None else mark.is_read,
            note=None if change.note is None else mark.note_text,
            note_base=None if change.note is None else change.note,
            tags={name: name in held for name in change.tags},
        )

    def _merge_marks(self, marks: Sequence[tuple[int, Mark]], ids: Mapping[int, str]) -> None:
        merged: dict[str, Mark] = {}
        for position, mark in marks:
            name = ids[position]
            merged[name] = merge_marks(merged[name], mark) if name in merged else mark
        saved = self._book.merge(merged)
        self.adopt(Update(notebook=saved.marks))

    def _removal(self, act: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        with self._disk:
            ids = act()
            self.refresh()
        if ids:
            self.reindex()
        return ids


def _by_row(notebook: Mapping[str, Mark], table: PaperTable) -> dict[int, Mark]:
    """The notebook by row: marks made under an alias meet those made under the id."""
    marks: dict[int, Mark] = {}
    for name, mark in notebook.items():
        if (row := table.row_of(name)) is not None:
            marks[row] = merge_marks(marks[row], mark) if row in marks else mark
    return marks

"""The one facade over catalog, notebook, sources, exports and search. It returns data and renders nothing.

Two threads use it in the reader. The user interface alone replaces `table` and `marks`, through `adopt`,
`preview` and `withdraw`. What touches a disk (`poll`, `save`, `search`, `view`, imports) may run in a worker,
takes the values it needs at its start, and returns new ones.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog import Catalog, Table
from paperreader.errors import Ambiguous, NotFound, PaperreaderError, StorageError
from paperreader.library.marks import MarksInForce
from paperreader.library.values import Counts, ImportReport, Progress, Update, View
from paperreader.models import CODE_FLAG, NO_MARK, Change, Completion, Hits, Mark, Paper, Problem
from paperreader.notebook import Notebook
from paperreader.state import State

if TYPE_CHECKING:
    from paperreader.search import SearchIndex


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
        self._index: SearchIndex | None = None
        self.table: Table = self._catalog.open()
        self._marks = MarksInForce(self._book.load(), self.table)
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

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Marks by row, aliases resolved. Replaced, never changed in place."""
        return self._marks.by_row

    def mark(self, row: int) -> Mark:
        """What was said about the paper at that row."""
        return self.marks.get(row, NO_MARK)

    def resolve(self, text: str) -> int:
        """The row of an id, with version, with `arXiv:`, as a URL, an alias, or an unambiguous prefix.

        Raises:
            NotFound: no paper answers to it.
            Ambiguous: several papers do.
        """
        from paperreader.text.ids import arxiv_id, doi  # 5 ms, which no start needs

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
        raise NotFound(
            f"No paper {text or 'without a name'} in this library; `paperreader search` finds ids."
        )

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
            all=total,
            new=len(self.view("new")),
            unread=total - sum(mark.is_read for _, mark in live),
            bookmarks=sum(mark.bookmarked for _, mark in live),
            code=sum(1 for row in table.newest if table.flags(row) & CODE_FLAG),
        )

    def search(self, query: str, *, cancelled: Callable[[], bool] = lambda: False) -> Hits:
        """The papers that answer `query`, ranked; everything, newest first, when it is empty.

        Reads the index as it stands: papers that came in since are missing until `reindex` has caught up.

        Raises:
            StorageError: there is no usable index (see `index_ready`).
        """
        table, marks = self.table, self.marks
        if not query.strip() or not len(table):  # an empty library has no index
            began = time.perf_counter()
            rows = table.newest
            took = time.perf_counter() - began
            return Hits(query, table.generation, rows, len(rows), (), took, lambda text: [], sorted_by="date")
        new_from = self._visited_rows()
        return self._search_index().search(query, table, marks, cancelled=cancelled, new_from=new_from)

    def related(self, row: int, limit: int = 50) -> Hits:
        """The papers nearest to the one at `row`, nearest first; the query of the hits is its title.

        Raises:
            StorageError: there is no usable index, or the paper's line is damaged.
        """
        return self._search_index().related(row, self.table, limit)

    def complete(
        self, text: str, cursor: int, *, cancelled: Callable[[], bool] = lambda: False
    ) -> list[Completion]:
        """What could stand before the cursor of a query, the likeliest first. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        table, marks = self.table, self.marks
        if not len(table):
            return []
        return self._search_index().complete(text, cursor, table, marks, cancelled=cancelled)

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
        if not self.state.folder:
            self.state = self._open_state()
        self._marks.adopt(update.notebook, self.table, update.settled)

    def refresh(self) -> None:
        """`poll` and `adopt` at once, for programs with one thread."""
        if update := self.poll():
            self._notices.extend(update.notices)
            self.adopt(update)

    # Marks

    def preview(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Show `changes` in `marks` at once, before they are saved, and give the changes that undo them."""
        return self._marks.preview(changes)

    def withdraw(self, changes: Sequence[Change]) -> None:
        """Take previewed changes back out of `marks`, because they could not be saved."""
        self._marks.adopt(None, self.table, changes)

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

        `date` (ISO) is the listing day of every page among them, whatever their names say. Papers and marks are
        durable when this returns; when it is interrupted, finished chunks stay and a repetition completes them. An
        index that could not follow is a notice.

        Raises:
            StorageError: the library cannot be written.
        """
        from paperreader.library.importing import Intake  # the parsers: not before the first paint

        intake = Intake(given, date)
        with self._disk:
            report = self._catalog.add(
                iter(intake),
                date_given=date is not None,
                progress=lambda done: progress(Progress("reading", done, None)),
            )
            self.refresh()
            if marks := intake.marks(report.ids):
                self.adopt(Update(notebook=self._book.merge(marks).marks))
        self._let_index_follow(progress)
        return ImportReport(
            report.read,
            report.new,
            report.merged,
            report.unchanged,
            tuple(intake.problems),
            intake.unreadable,
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
        ids = self._removal(lambda: self._catalog.remove_source(name).ids)
        if not ids:
            raise NotFound(f"No paper came from a source named {name}; `paperreader show ID` names sources.")
        return ids

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

    def tend(self, progress: Callable[[Progress], None] = lambda _: None) -> list[str]:
        """Read the index through, build it anew where it is damaged, and make one piece of many: when nobody waits.

        Gives a sentence for each thing mended.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        self.refresh()
        if not self.table.stamp.committed or not self.index_ready():
            return []
        index = self._search_index()
        mended = index.mend(self.table, lambda done, total: progress(Progress("indexing", done, total)))
        index.optimise()
        return ["The search index was damaged, and has been built anew."] if mended else []

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
                        Problem(
                            "index", None, "the index is behind the catalog; `paperreader reindex` mends it"
                        )
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
            from paperreader.library.memory import give_back_arrays
            from paperreader.search import SearchIndex  # with NumPy, 0.2 s: never before the first paint

            give_back_arrays()
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
        files = sorted(pages.glob("*.txt"))
        wanted = [f"{page.name}:{page.stat().st_size}" for page in files]
        if len(self.table) and self.state.get("samples") == wanted:
            return
        report = self.import_paths([str(page) for page in files])
        if not report.read:
            raise PaperreaderError(f"The sample pages are missing from {pages}; install paperreader again.")
        self.state.set("samples", wanted)

    def _let_index_follow(self, progress: Callable[[Progress], None]) -> None:
        """Bring the index up to date with what was just stored; a failure takes nothing of that back."""
        try:
            self.reindex(progress)
        except StorageError as error:
            self._notices.append(f"The library is up to date, but its search index is not: {error}")

    def _removal(self, act: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        with self._disk:
            ids = act()
            self.refresh()
        if ids:
            self._let_index_follow(lambda _: None)
        return ids

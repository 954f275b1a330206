"""The watch list: marks in list and detail, its view, and changing it with a key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from paperreader import config
from paperreader.config.watch_settings import Watch
from paperreader.errors import NotFound, PaperreaderError, UsageError
from paperreader.library import WATCHED, WatchedEntry, WatchedPapers
from paperreader.models import Paper
from paperreader.text.counts import format_count
from paperreader.text.query.watched import WATCH_NAMES, WatchKind
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import UNDO_HINT, MarksController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.controllers.views import ViewsController
from paperreader.tui.model.undo_history import UndoableAction
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

FILE_POLL_SECONDS = 2.0
"""How often the settings are checked for changes of the watch list."""

_FileSignature = tuple[int, int, int]

_EXAMPLES: dict[WatchKind, str] = {
    "authors": "Yann LeCun",
    "words": "world models",
    "categories": "cs.CL",
    "repositories": "facebookresearch, or a URL",
}

_KEYS: dict[WatchKind, str] = {"authors": "a", "words": "w", "categories": "c", "repositories": "r"}


class _Chosen(NamedTuple):
    """A line of a dialog: an entry, or a kind of which one is to be typed; without a kind, the view is shown."""

    kind: WatchKind | None = None
    name: str = ""
    is_watched: bool = False


class WatchListController:
    """Finds watched papers in a worker, when the papers, the index or the settings change; never on a key."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        views: ViewsController,
        counts: ViewCountsController,
        marks: MarksController,
    ) -> None:
        """The history of `marks` remembers what is added and removed."""
        self._ctx, self._results, self._views, self._counts = ctx, results, views, counts
        self._history = marks.history
        self._papers = WatchedPapers()
        self._signature: _FileSignature | None = None
        self._is_reading = False
        ctx.library.watch_list.use(ctx.settings.watch)
        ctx.signals.library_changed.connect(lambda _: self._find_soon())
        ctx.signals.index_updated.connect(lambda _: self._find_soon())

    def start(self) -> None:
        """Find the watched papers, and again whenever the list in the settings changes."""
        if self._entries:
            self._counts.show_watched(True)
            self._find_soon()
        self._ctx.tasks.every(FILE_POLL_SECONDS, self.reload)

    def reload(self) -> None:
        """Read the settings if their file changed."""
        if not self._is_reading:
            self._is_reading = True
            self._ctx.tasks.start(self._reload(), group="watch-list")

    # Commands

    def choose(self) -> None:
        """Watch something of the current paper, or stop watching it."""
        row, paper = self._ctx.current_row, self._ctx.current_paper
        if row is not None and paper is not None:
            self._choose_of(paper, row)

    def manage(self) -> None:
        """Show the watch list: add an entry, stop watching one, or show the papers."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice("show", "the watched papers", _Chosen(), key="s")] if self._entries else []
        choices += [
            Choice("watch", f"{_article(kind)}…", _Chosen(kind), key=key) for kind, key in _KEYS.items()
        ]
        for entry in self._entries:
            rows = self._papers.by_entry.get(entry, frozenset()) - self._ctx.library.unlisted
            text = f"{WATCH_NAMES[entry.kind]} {entry.name}, {format_count(len(rows), 'paper')}"
            choices.append(Choice("stop watching", text, _Chosen(entry.kind, entry.name, True)))
        self._ctx.ui.push_dialog(ChoiceDialog("Watch list", choices, self._ctx.glyphs), self._chosen)

    @property
    def _entries(self) -> tuple[WatchedEntry, ...]:
        return self._ctx.library.watch_list.entries

    def _choose_of(self, paper: Paper, row: int) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
        from paperreader.tui.model.watch_choices import watch_choices

        choices = []
        for kind, name, is_watched in watch_choices(paper, self._papers.entries_of(row)):
            label = f"stop watching {WATCH_NAMES[kind]}" if is_watched else WATCH_NAMES[kind]
            choices.append(Choice(label, name, _Chosen(kind, name, is_watched)))
        choices.append(Choice("words", "in titles and abstracts…", _Chosen("words"), key="w"))
        self._ctx.ui.push_dialog(ChoiceDialog("Watch", choices, self._ctx.glyphs), self._chosen)

    def _chosen(self, chosen: _Chosen | None) -> None:
        if chosen is None:
            return
        if chosen.kind is None:
            self._views.show(WATCHED)
        elif chosen.is_watched:
            self._start(self._remove(chosen.kind, chosen.name))
        elif chosen.name:
            self._start(self._add(chosen.kind, chosen.name, self._ctx.ui.fail))
        else:
            self._ask(chosen.kind)

    def _ask(self, kind: WatchKind, problem: str = "", typed: str = "") -> None:
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        title = problem or f"Watch {_article(kind)}"
        prompt = TextPrompt(title, "", value=typed, placeholder=_EXAMPLES[kind])
        self._ctx.ui.push_dialog(prompt, lambda text: self._add_typed(kind, text) if text else None)

    def _add_typed(self, kind: WatchKind, text: str) -> None:
        def ask_again(error: PaperreaderError) -> None:
            message = str(error)
            self._ask(kind, message[0].upper() + message[1:], text)

        self._start(self._add(kind, text, ask_again))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._ctx.tasks.start(work, group="watching")

    def _remember(self, kind: WatchKind, name: str, *, was_added: bool) -> None:
        """Let `u` undo that an entry was added or removed."""

        def add() -> None:
            self._start(self._add(kind, name, self._ctx.ui.fail, is_undoable=False))

        def remove() -> None:
            self._start(self._remove(kind, name, is_undoable=False))

        undo, redo = (remove, add) if was_added else (add, remove)
        self._history.add(UndoableAction("watch list", undo, redo))

    async def _add(
        self,
        kind: WatchKind,
        text: str,
        refuse: Callable[[PaperreaderError], object],
        *,
        is_undoable: bool = True,
    ) -> None:
        """Watch an entry; `refuse` gets what is wrong with it."""

        def add() -> str:
            from paperreader.config.edits import add_watched

            return add_watched(kind, text)

        try:
            entry = await run_in_thread(add)
        except UsageError as error:
            refuse(error)
            return
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        if is_undoable:
            self._remember(kind, entry, was_added=True)
        await self._read_settings()
        rows = next(
            (rows for each, rows in self._papers.by_entry.items() if (each.kind, each.name) == (kind, entry)),
            frozenset(),
        )
        count = format_count(len(rows - self._ctx.library.unlisted), "paper")
        hint = UNDO_HINT if is_undoable else ()
        self._ctx.ui.inform(f"Watched: {WATCH_NAMES[kind]} ", TextSpan(entry, "text"), f", {count}", *hint)

    async def _remove(self, kind: WatchKind, name: str, *, is_undoable: bool = True) -> None:
        def remove() -> str:
            from paperreader.config.edits import remove_watched

            return remove_watched(kind, name)

        try:
            await run_in_thread(remove)
            if is_undoable:
                self._remember(kind, name, was_added=False)
        except NotFound:
            is_undoable = False  # the file was changed meanwhile
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        await self._read_settings()
        hint = UNDO_HINT if is_undoable else ()
        self._ctx.ui.inform(f"Not watched any more: {WATCH_NAMES[kind]} ", TextSpan(name, "text"), *hint)

    # The settings and the papers

    async def _reload(self) -> None:
        try:
            signature = await run_in_thread(_file_signature)
            if self._signature not in (None, signature):
                await self._read_settings()
            self._signature = signature
        finally:
            self._is_reading = False

    async def _read_settings(self) -> None:
        """Use the watch list of the settings; while their file is not readable as a whole, that of before."""
        loaded = await run_in_thread(config.read_settings)
        if loaded.problems and not loaded.text:
            return
        await self._use(loaded.settings.watch)

    async def _use(self, settings: Watch) -> None:
        if self._ctx.library.watch_list.use(settings):
            await self._find()
            self._counts.show_watched(bool(self._entries))
            if not self._entries and self._results.query.view == WATCHED:
                self._results.show(self._results.query._replace(view="all"), self._results.position)

    def _find_soon(self) -> None:
        if self._entries or self._papers.rows:
            self._ctx.tasks.start(self._find(), group="watched-papers")

    async def _find(self) -> None:
        """Find the papers in a worker, and show their marks."""
        library = self._ctx.library
        table = library.table
        papers = await run_in_thread(lambda: library.watch_list.papers(table))
        if library.table is not table or not self._ctx.tasks.is_running:
            return  # the new papers are already being looked at
        self._papers = papers
        self._ctx.widgets.paper_list.facts.find_watched = papers.reasons if papers.rows else None
        self._ctx.widgets.paper_list.repaint_rows()
        self._ctx.signals.watched_papers_found.emit(papers)


def _article(kind: WatchKind) -> str:
    name = WATCH_NAMES[kind]
    return name if kind == "words" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _file_signature() -> _FileSignature:
    try:
        status = config.settings_file().stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_size, status.st_mtime_ns)

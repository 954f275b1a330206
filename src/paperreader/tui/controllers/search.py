"""The search bar, and related papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.widgets import Input

from paperreader.errors import PaperreaderError
from paperreader.models import Paper
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.model.list_query import ListQuery, available_sorts
from paperreader.tui.model.position import TOP, ListPosition
from paperreader.tui.model.relations import Relation
from paperreader.tui.widgets.suggestions import Suggestion, suggestion_for


class _OpenedList(NamedTuple):
    """A list of related or similar papers, and what was shown before."""

    query: ListQuery
    position: ListPosition
    opened: ListQuery

    def is_shown_by(self, query: ListQuery) -> bool:
        """Return whether a query shows it, possibly in another order or view."""
        return (query.related_to, query.relation, query.text) == (
            self.opened.related_to,
            self.opened.relation,
            self.opened.text,
        )


class SearchController:
    """Searches while the user types, and goes back to the list and the paper from which a search began."""

    def __init__(self, ctx: ReaderContext, results: ResultsController) -> None:
        self._ctx, self._results = ctx, results
        self.related_title = ""
        """The title of the paper whose related papers are shown."""
        self._position_before_search: ListPosition | None = None
        self._opened: tuple[_OpenedList, ...] = ()
        """The lists of related or similar papers that were opened from each other."""

    def focus(self) -> None:
        """Go to the search bar."""
        self._ctx.ui.focus_search()

    def query_typed(self, text: str) -> None:
        """Search for what the search bar holds now."""
        query = self._results.query
        if text == query.text or not (text.strip() or query.text.strip()):
            return
        if not query.is_search and self._position_before_search is None:
            self._position_before_search = self._results.position
        is_typing = bool(text.strip()) and not self._ctx.widgets.search_bar.input.is_recalled
        typed = query._replace(
            text=text, related_to="", relation="related", is_literal=False, is_typing=is_typing
        )
        self._opened = ()
        if query.related_to or typed.is_search != query.is_search:
            typed = typed._replace(sort=available_sorts(typed)[0])
        position = TOP if typed.is_search else (self._position_before_search or TOP)
        if not typed.is_search:
            self._position_before_search = None
        self._results.show(typed, position)

    def accept(self) -> None:
        """Finish the last word. If results of a corrected spelling are shown, search what was typed instead."""
        result, query = self._results.result, self._results.query
        if result is not None and result.hits.corrected and result.query == query:
            self._results.show(query._replace(is_literal=True, is_typing=False))
        else:
            self.finish_word()

    def finish_word(self) -> None:
        """Finish the word that is being typed, if there is one: what was shown of its completions may disappear."""
        if self._results.query.is_typing:
            self._results.finish_query()

    def move_in_results(self, delta: int, *, pages: bool) -> None:
        """Move the cursor of the list by `delta` papers, or pages, from the search bar."""
        papers = self._ctx.widgets.paper_list
        move = papers.move_page if pages else papers.move_by
        self._results.when_ready(lambda: move(delta))

    def clear(self) -> None:
        """Empty the search bar, which restores the list and the paper from which the search began."""
        self._ctx.widgets.search_bar.input.value = ""

    def search_for(self, text: str) -> None:
        """Search for `text` as if it had been typed."""
        self._ctx.widgets.search_bar.input.value = text

    def set_text(self, text: str) -> None:
        """Change the text of the search bar without searching."""
        search_input = self._ctx.widgets.search_bar.input
        with search_input.prevent(Input.Changed):
            search_input.set_query(text)
        if not text.strip():
            self._position_before_search = None

    def restore(self, text: str, position: ListPosition) -> None:
        """Change the text of the search bar without searching; clearing it goes back to `position`."""
        self.set_text(text)
        self._position_before_search = position

    def show_in_all_papers(self, row: int) -> None:
        """Show all papers with the cursor on the paper of a row; if it is hidden, the hidden ones."""
        position = ListPosition.from_rows(self._ctx.library.table, row, None)
        if row in self._ctx.library.unlisted:
            text = "is:deleted " if self._ctx.library.mark(row).is_deleted else "is:hidden "
            self.restore(text, self._results.position)
            self._results.show(ListQuery(text=text, sort="relevance"), position)
            return
        self.clear()
        self._results.show(ListQuery(), position)

    def remember(self, text: str) -> None:
        """Put a query first in the history."""
        history = self._ctx.widgets.search_bar.input.query_suggester.history
        history[:] = [text, *(past for past in history if past != text)]
        state = self._ctx.library.state
        self._ctx.tasks.start_in_thread(lambda: state.remember_query(text), group="state")

    def load_history(self) -> None:
        """Offer earlier searches and completions in the search bar."""
        suggester = self._ctx.widgets.search_bar.input.query_suggester
        suggester.history[:] = self._ctx.library.state.query_history
        suggester.completer = self.complete_query

    def complete_query(self, text: str, cancelled: Callable[[], bool]) -> Suggestion | None:
        """Return the query with its last word completed, or None. For a worker thread."""
        try:
            completions = self._ctx.library.complete(text, len(text), cancelled=cancelled)
        except PaperreaderError:
            return None  # there is no index yet, which a search reports
        suggestions = (suggestion_for(text, completion) for completion in completions)
        return next((suggestion for suggestion in suggestions if suggestion is not None), None)

    # Related papers

    def open_related(self, paper: Paper, relation: Relation, position: ListPosition = TOP) -> None:
        """Show the papers that are related to one; `escape` goes back to what is shown now."""
        self.related_title = _display_title(paper)
        query = ListQuery(text=self._results.query.text, related_to=paper.id, relation=relation)
        self._open(query._replace(sort=available_sorts(query)[0]), position)

    def choose_similar(self) -> None:
        """Choose an author, keyword, category, tag or venue of the current paper, and show all papers with it."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
        from paperreader.tui.model.similar_papers import similar_queries

        paper, row = self._ctx.current_paper, self._ctx.current_row
        if paper is None or row is None:
            return
        queries = similar_queries(paper, self._ctx.library.mark(row))
        if not queries:
            self._ctx.ui.inform("No author, keyword, category or tag is known")
            return
        choices = [Choice(each.label, each.name, each.query) for each in queries]
        dialog = ChoiceDialog("More papers by or with", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda text: self.open_search(text) if text else None)

    def open_search(self, text: str) -> None:
        """Search all papers for `text`; `escape` goes back to what is shown now."""
        query = ListQuery(text=text)
        self._open(query._replace(sort=available_sorts(query)[0]))
        self.set_text(text)

    def _open(self, query: ListQuery, position: ListPosition = TOP) -> None:
        self._opened += (_OpenedList(self._results.query, self._results.position, query),)
        self._ctx.ui.clear_message()  # the status bar shows whose related papers these are
        self._results.show(query, position)

    def close_related(self) -> bool:
        """Go back to what was shown before a list of related or similar papers; False when none is shown."""
        shown = self._results.query
        if not self._opened or not self._opened[-1].is_shown_by(shown):
            return False
        *before, (query, position, _) = self._opened
        self._ctx.ui.clear_message()
        self._opened = tuple(before)
        table = self._ctx.library.table
        if query.related_to and (row := table.row_of(query.related_to)) is not None:
            self.related_title = _display_title(self._ctx.library.paper(row))
        if query.text != shown.text:
            position_before = self._position_before_search
            self.set_text(query.text)
            self._position_before_search = position_before if query.is_search else None
        self._results.show(query, position)
        return True

    @property
    def resumable(self) -> tuple[ListQuery, ListPosition]:
        """What a later session can restore: for related papers, the list from which they were opened."""
        if self._opened and self._opened[0].opened.related_to:
            return self._opened[0].query, self._opened[0].position
        return self._results.query, self._results.position


def _display_title(paper: Paper) -> str:
    return single_line(tex_to_unicode(paper.title))

"""Papers that are related to the current one: similar ones, its references, and those that cite it."""

from __future__ import annotations

from paperreader.models import Paper
from paperreader.text.query import passage_query
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.relations import Relation
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan


class RelatedController:
    """Asks which ones to show only if there are full texts, whose references are known."""

    def __init__(self, ctx: ReaderContext, search: SearchController) -> None:
        self._ctx, self._search = ctx, search

    def choose(self) -> None:
        """Show related papers, or choose between these, the references and the citing papers."""
        paper = self._ctx.current_paper
        if paper is not None:
            self._ctx.tasks.start(self._choose(paper), group="related")

    def show_like_note(self) -> None:
        """Show the papers that are near to the user's note about the current paper."""
        row = self._ctx.current_row
        query = passage_query(self._ctx.library.mark(row).note_text) if row is not None else ""
        if query:
            self._search.open_search(query)
        else:
            self._ctx.ui.inform("No note. Press ", TextSpan("n", "key"), " to write one")

    async def _choose(self, paper: Paper) -> None:
        texts = self._ctx.library.full_texts
        with self._ctx.commands.defer_keys():
            has_texts = await run_in_thread(lambda: next(texts.all_texts(), None) is not None)
            if has_texts:
                self._ask(paper, has_references=await run_in_thread(lambda: bool(texts.stored(paper.id))))
        if not has_texts:
            self._search.open_related(paper, "related")

    def _ask(self, paper: Paper, *, has_references: bool) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices: list[Choice[Relation]] = [
            Choice("related", "papers like this one", "related", key="R"),
            Choice("cited by", "papers whose full texts cite this one", "cited-by", key="c"),
        ]
        if has_references:
            choices.insert(
                1, Choice("references", "papers of the library that it cites", "references", key="r")
            )

        def chosen(relation: Relation | None) -> None:
            if relation is not None:
                self._search.open_related(paper, relation)
            if relation in ("references", "cited-by"):
                self._ctx.ui.focus_list()  # there may be none, or one that the user wants to see in the list

        self._ctx.ui.push_dialog(ChoiceDialog("Related papers", choices, self._ctx.glyphs), chosen)

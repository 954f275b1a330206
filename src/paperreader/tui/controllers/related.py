"""Papers that are related to the current one: similar ones, its references, and those that cite it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from paperreader.models import Paper
from paperreader.text.query import passage_query
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.relations import OnlineRelation, Relation
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fetch.citations.keys import ServiceName
    from paperreader.tui.dialogs.choice import Choice

    _Chosen: TypeAlias = (
        tuple[Literal["library"], Relation] | tuple[Literal["online"], OnlineRelation, ServiceName]
    )

_ONLINE_KEYS = (("s", "b"), ("S", "B"))
"""The keys of references and citing papers, by service."""


class RelatedController:
    """Asks which ones to show only if there are full texts, whose references are known, or a key of a service.

    Args:
        ctx: of the reader.
        search: lists papers of the library.
        show_online: requests references or citing papers of a paper, and shows them.
    """

    def __init__(
        self,
        ctx: ReaderContext,
        search: SearchController,
        show_online: Callable[[Paper, OnlineRelation, ServiceName], None],
    ) -> None:
        self._ctx, self._search, self._show_online = ctx, search, show_online

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
        services = self._services_for(paper)
        with self._ctx.commands.defer_keys():
            has_texts = await run_in_thread(lambda: next(texts.all_texts(), None) is not None)
            has_references = has_texts and await run_in_thread(lambda: bool(texts.stored(paper.id)))
            if has_texts or services:
                self._ask(paper, self._choices(has_texts, has_references, services))
        if not has_texts and not services:
            self._search.open_related(paper, "related")

    def _services_for(self, paper: Paper) -> list[ServiceName]:
        """Return the services that can be asked about a paper, which has an id that they know."""
        from paperreader.fetch.citations.keys import available_services

        return available_services(self._ctx.settings.citations) if paper.arxiv or paper.doi else []

    @staticmethod
    def _choices(
        has_texts: bool, has_references: bool, services: Sequence[ServiceName]
    ) -> list[Choice[_Chosen]]:
        from paperreader.fetch.citations.keys import SERVICE_LABELS
        from paperreader.tui.dialogs.choice import Choice

        found: list[Choice[_Chosen]] = [
            Choice("related", "papers like this one", ("library", "related"), key="R")
        ]
        if has_references:
            found.append(
                Choice(
                    "references", "papers of the library that it cites", ("library", "references"), key="r"
                )
            )
        if has_texts:
            found.append(
                Choice("cited by", "papers whose full texts cite this one", ("library", "cited-by"), key="c")
            )
        for service, (references, cited_by) in zip(services, _ONLINE_KEYS, strict=False):
            label, asks = SERVICE_LABELS[service], "asks the service"
            found += [
                Choice(f"references ({label})", asks, ("online", "references", service), key=references),
                Choice(f"cited by ({label})", asks, ("online", "citations", service), key=cited_by),
            ]
        return found

    def _ask(self, paper: Paper, choices: Sequence[Choice[_Chosen]]) -> None:
        from paperreader.tui.dialogs.choice import ChoiceDialog

        def chosen(value: _Chosen | None) -> None:
            match value:
                case ("online", "references" | "citations" as relation, service):
                    self._show_online(paper, relation, service)
                case ("library", "related"):
                    self._search.open_related(paper, "related")
                case ("library", "references" | "cited-by" as relation):
                    self._search.open_related(paper, relation)
                    self._ctx.ui.focus_list()  # there may be none, or one that the user wants to see in the list

        self._ctx.ui.push_dialog(ChoiceDialog("Related papers", choices, self._ctx.glyphs), chosen)

"""All controllers of the main screen, wired together. Imported when the first frame is painted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from paperreader.library import Library
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.application import ApplicationController
from paperreader.tui.controllers.back import BackController
from paperreader.tui.controllers.for_you import ForYouController
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.library.imports import ImportController
from paperreader.tui.controllers.library.indexing import IndexingController
from paperreader.tui.controllers.library.subscriptions import SubscriptionsController
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.library.watch_list import WatchListController
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.downloads import DownloadsController
from paperreader.tui.controllers.papers.drafts import DraftsController
from paperreader.tui.controllers.papers.export import ExportController
from paperreader.tui.controllers.papers.external_editing import ExternalEditingController
from paperreader.tui.controllers.papers.full_texts import FullTextsController
from paperreader.tui.controllers.papers.inbox import InboxController
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.papers.pdfs import PdfController
from paperreader.tui.controllers.papers.queue import QueueController
from paperreader.tui.controllers.papers.tags import TagsController
from paperreader.tui.controllers.programs.pipes import PipeController
from paperreader.tui.controllers.related import RelatedController
from paperreader.tui.controllers.session import SessionController

if TYPE_CHECKING:
    from paperreader.fetch.citations.keys import ServiceName
    from paperreader.models import Paper
    from paperreader.tui.controllers.library.arxiv_subscriptions import ArxivSubscriptionsController
    from paperreader.tui.controllers.library.onboarding import OnboardingController
    from paperreader.tui.controllers.library.online import OnlineController
    from paperreader.tui.controllers.list_controllers import ListControllers
    from paperreader.tui.controllers.navigation import NavigationController
    from paperreader.tui.controllers.pane_layout import PaneLayoutController
    from paperreader.tui.controllers.papers.marks import MarksController
    from paperreader.tui.controllers.papers.versions import VersionsController
    from paperreader.tui.controllers.results import ResultsController
    from paperreader.tui.controllers.search import SearchController
    from paperreader.tui.controllers.trends import TrendsController
    from paperreader.tui.controllers.view_counts import ViewCountsController
    from paperreader.tui.controllers.views import ViewsController
    from paperreader.tui.model.relations import OnlineRelation


class ReaderControllers:
    """Those of list, detail, counts and status bar handle a signal first, then the others in this order."""

    pipes: PipeController
    back: BackController
    full_texts: FullTextsController
    downloads: DownloadsController
    subscriptions: SubscriptionsController
    session: SessionController
    watch_list: WatchListController

    def __init__(
        self, ctx: ReaderContext, first: ListControllers, *, open_library: Callable[[Library], object]
    ) -> None:
        """
        Args:
            ctx: what all controllers have in common.
            first: those that were created for the first frame.
            open_library: shows another library in front of this one.
        """
        self._ctx = ctx
        jobs = JobStatus(ctx.widgets.status_bar, ctx.tasks, ctx.glyphs)
        self.results: ResultsController = first.results
        self.search: SearchController = first.search
        self.marks: MarksController = first.marks
        self.navigation: NavigationController = first.navigation
        self.view_counts: ViewCountsController = first.view_counts
        self.views: ViewsController = first.views
        self.pane_layout: PaneLayoutController = first.pane_layout
        self.onboarding: OnboardingController = first.onboarding
        self.related: RelatedController = RelatedController(ctx, self.search, self._show_citations)
        self.inbox: InboxController = InboxController(ctx, self.results, self.search, self.marks)
        self.queue: QueueController = QueueController(ctx, self.results, self.marks)
        self.for_you: ForYouController = ForYouController(
            ctx, self.results, self.marks, self.search, first.fits
        )
        self.watch_list = WatchListController(ctx, self.results, self.views, self.view_counts, self.marks)
        self.tags: TagsController = TagsController(ctx, self.marks)
        self.notes: NotesController = NotesController(ctx, self.marks)
        self.external_editing: ExternalEditingController = ExternalEditingController(ctx, self.notes)
        self.drafts: DraftsController = DraftsController(ctx, self.results, self.search, self.notes)
        self.copy_open: CopyOpenController = CopyOpenController(ctx)
        self.pdfs: PdfController = PdfController(ctx, self.marks, self.copy_open, jobs)
        self.pipes = PipeController(ctx, self.marks, self.notes, self.copy_open, jobs)
        self.export: ExportController = ExportController(ctx, self.results, self.marks, self.copy_open, jobs)
        self.indexing: IndexingController = IndexingController(ctx, jobs)
        self.sync: SyncController = SyncController(ctx, self.results, self.view_counts, self.indexing, jobs)
        self.imports: ImportController = ImportController(ctx, self.sync, self.indexing, jobs)
        self.fetch: FetchController = FetchController(ctx, self.results, self.search, self.sync, jobs)
        self.full_texts = FullTextsController(ctx, jobs, self.results, self.search, self.marks, self.fetch)
        self.downloads = DownloadsController(ctx, jobs, self.results, self.marks, self.pdfs, self.full_texts)
        self.back = BackController(ctx, self.results, self.search, self.fetch, self.downloads, self.pipes)
        self.subscriptions = SubscriptionsController(ctx, self.results, self.view_counts)
        self.session = SessionController(ctx, self.results, self.search, self.sync)
        self.application: ApplicationController = ApplicationController(
            ctx,
            self.marks,
            self.notes,
            self.external_editing,
            self.export,
            self.downloads,
            self.indexing,
            self.fetch,
            self.sync,
            self.session,
            open_library=open_library,
        )

    def start(self) -> None:
        """Start what runs in the background. An error in one step is reported."""
        if (result := self.results.result) is not None:
            self.indexing.check_result(result)  # it may be there since before this controller
        for step in (
            lambda: self.sync.show_warnings(self._ctx.library.pop_warnings()),
            self.search.load_history,
            self.onboarding.show_hint,
            self.sync.start,
            self.watch_list.start,
            self.subscriptions.start,
            self.session.start,
            self.drafts.offer,
            self.notes.preload_markdown,
        ):
            self._ctx.tasks.run_reported(step)

    @cached_property
    def online(self) -> OnlineController:
        """Search online, which few sessions need."""
        from paperreader.tui.controllers.library.online import OnlineController

        return OnlineController(
            self._ctx,
            self.search,
            self.marks,
            self.copy_open,
            self.sync,
            self.fetch,
            notes=self.notes,
            external_editing=self.external_editing,
            tags=self.tags,
        )

    @cached_property
    def trends(self) -> TrendsController:
        """Trends, which few sessions need."""
        from paperreader.tui.controllers.trends import TrendsController

        return TrendsController(self._ctx, self.search)

    @cached_property
    def arxiv_subscriptions(self) -> ArxivSubscriptionsController:
        """Subscriptions to categories of arXiv, which few sessions change."""
        from paperreader.tui.controllers.library.arxiv_subscriptions import ArxivSubscriptionsController

        return ArxivSubscriptionsController(self._ctx)

    @cached_property
    def versions(self) -> VersionsController:
        """What changed in newer versions, which few sessions need."""
        from paperreader.tui.controllers.papers.versions import VersionsController

        return VersionsController(self._ctx, self.marks, self.views)

    def _show_citations(self, paper: Paper, relation: OnlineRelation, service: ServiceName) -> None:
        self.online.open_citations(paper, relation, service)

    def open_detail(self) -> None:
        """Open the detail, and from there the full text.

        Where there is no paper, offer to add the one that the query names.
        """
        if self.full_texts.open_from_detail():
            return
        if not self.navigation.open_detail():
            self.fetch.offer_missing()

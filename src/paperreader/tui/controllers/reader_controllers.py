"""All controllers of the main screen, wired together."""

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
from paperreader.tui.controllers.library.arxiv_subscriptions import ArxivSubscriptionsController
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.library.imports import ImportController
from paperreader.tui.controllers.library.indexing import IndexingController
from paperreader.tui.controllers.library.onboarding import OnboardingController
from paperreader.tui.controllers.library.subscriptions import SubscriptionsController
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.library.watch_list import WatchListController
from paperreader.tui.controllers.navigation import NavigationController
from paperreader.tui.controllers.pane_layout import PaneLayoutController
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.downloads import DownloadsController
from paperreader.tui.controllers.papers.drafts import DraftsController
from paperreader.tui.controllers.papers.export import ExportController
from paperreader.tui.controllers.papers.external_editing import ExternalEditingController
from paperreader.tui.controllers.papers.full_texts import FullTextsController
from paperreader.tui.controllers.papers.inbox import InboxController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.papers.pdfs import PdfController
from paperreader.tui.controllers.papers.queue import QueueController
from paperreader.tui.controllers.papers.reading_timer import ReadingTimerController
from paperreader.tui.controllers.papers.tags import TagsController
from paperreader.tui.controllers.programs.pipes import PipeController
from paperreader.tui.controllers.related import RelatedController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.controllers.session import SessionController
from paperreader.tui.controllers.status import StatusController
from paperreader.tui.controllers.trends import TrendsController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.controllers.views import ViewsController

if TYPE_CHECKING:
    from paperreader.models import Paper
    from paperreader.tui.controllers.library.online import OnlineController
    from paperreader.tui.controllers.papers.versions import VersionsController
    from paperreader.tui.model.relations import OnlineRelation


class ReaderControllers:
    """Created in the order in which they handle a signal: list, detail, counts, status bar, then the others."""

    pipes: PipeController
    back: BackController
    full_texts: FullTextsController
    downloads: DownloadsController
    subscriptions: SubscriptionsController
    session: SessionController
    watch_list: WatchListController

    def __init__(self, ctx: ReaderContext, *, open_library: Callable[[Library], object]) -> None:
        """`open_library` shows another library in front of this one."""
        self._ctx = ctx
        jobs = JobStatus(ctx.widgets.status_bar, ctx.tasks, ctx.glyphs)
        self.results: ResultsController = ResultsController(ctx)
        self.search: SearchController = SearchController(ctx, self.results)
        self.related: RelatedController = RelatedController(ctx, self.search, self._show_citations)
        self.marks: MarksController = MarksController(ctx, self.results)
        self.inbox: InboxController = InboxController(ctx, self.results, self.search, self.marks)
        self.queue: QueueController = QueueController(ctx, self.results, self.marks)
        self.for_you: ForYouController = ForYouController(ctx, self.results, self.marks, self.search)
        self.navigation: NavigationController = NavigationController(ctx, self.results, self.for_you.fits)
        self.view_counts: ViewCountsController = ViewCountsController(ctx)
        self.views: ViewsController = ViewsController(ctx, self.results, self.search, self.view_counts)
        self.watch_list = WatchListController(ctx, self.results, self.views, self.view_counts, self.marks)
        self.status = StatusController(ctx, self.results, self.search, self.views, self.view_counts)
        self.reading_timer: ReadingTimerController = ReadingTimerController(ctx, self.marks)
        self.tags: TagsController = TagsController(ctx, self.marks)
        self.notes: NotesController = NotesController(ctx, self.marks)
        self.external_editing: ExternalEditingController = ExternalEditingController(ctx, self.notes)
        self.drafts: DraftsController = DraftsController(ctx, self.results, self.search, self.notes)
        self.copy_open: CopyOpenController = CopyOpenController(ctx)
        self.pdfs: PdfController = PdfController(ctx, self.marks, self.copy_open, jobs)
        self.pipes = PipeController(ctx, self.marks, self.notes, self.copy_open, jobs)
        self.export: ExportController = ExportController(ctx, self.results, self.marks, self.copy_open, jobs)
        self.trends: TrendsController = TrendsController(ctx, self.search)
        self.pane_layout: PaneLayoutController = PaneLayoutController(ctx)
        self.onboarding: OnboardingController = OnboardingController(ctx)
        self.indexing: IndexingController = IndexingController(ctx, jobs)
        self.sync: SyncController = SyncController(ctx, self.results, self.view_counts, self.indexing, jobs)
        self.imports: ImportController = ImportController(ctx, self.sync, self.indexing, jobs)
        self.fetch: FetchController = FetchController(ctx, self.results, self.search, self.sync, jobs)
        self.full_texts = FullTextsController(ctx, jobs, self.results, self.search, self.marks, self.fetch)
        self.downloads = DownloadsController(ctx, jobs, self.results, self.marks, self.pdfs, self.full_texts)
        self.arxiv_subscriptions: ArxivSubscriptionsController = ArxivSubscriptionsController(ctx)
        self.back = BackController(ctx, self.results, self.search, self.fetch, self.downloads, self.pipes)
        self.subscriptions = SubscriptionsController(ctx, self.results, self.view_counts)
        self.session = SessionController(ctx, self.results, self.search, self.subscriptions, self.sync)
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
    def versions(self) -> VersionsController:
        """What changed in newer versions, which few sessions need."""
        from paperreader.tui.controllers.papers.versions import VersionsController

        return VersionsController(self._ctx, self.marks, self.views)

    def _show_citations(self, paper: Paper, relation: OnlineRelation) -> None:
        self.online.open_citations(paper, relation)

    def open_detail(self) -> None:
        """Open the detail, and from there the full text.

        Where there is no paper, offer to add the one that the query names.
        """
        if self.full_texts.open_from_detail():
            return
        if not self.navigation.open_detail():
            self.fetch.offer_missing()

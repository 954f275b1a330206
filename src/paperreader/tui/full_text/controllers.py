"""All controllers of a full text, wired together."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.fulltext import Place
from paperreader.tui.full_text.application import ApplicationController
from paperreader.tui.full_text.contents import ContentsController
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.copying import CopyController
from paperreader.tui.full_text.documents import DocumentController, EarlierPlace
from paperreader.tui.full_text.editing import EditingController
from paperreader.tui.full_text.figures.pictures import PictureController
from paperreader.tui.full_text.figures.pins import PinController
from paperreader.tui.full_text.links import LinkController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.paper.bookmarks import BookmarkController
from paperreader.tui.full_text.paper.note import PaperNoteController
from paperreader.tui.full_text.paper.pdf import TextPdfController
from paperreader.tui.full_text.paper.versions import VersionController
from paperreader.tui.full_text.passages.comment_drafts import CommentDraftsController
from paperreader.tui.full_text.passages.comments import CommentController
from paperreader.tui.full_text.passages.finding import FindController
from paperreader.tui.full_text.passages.highlight_list import HighlightListController
from paperreader.tui.full_text.passages.highlights import HighlightsController
from paperreader.tui.full_text.passages.selection import SelectionController
from paperreader.tui.full_text.references.reference_list import ReferenceListController
from paperreader.tui.full_text.references.references import ReferenceController
from paperreader.tui.full_text.scrolling import ScrollController
from paperreader.tui.full_text.status import StatusController


class FullTextControllers:
    """Created in the order in which they handle a signal."""

    def __init__(
        self,
        ctx: FullTextContext,
        panes: FullTextPanes,
        text: OpenText,
        place: Place | None,
        earlier: Sequence[EarlierPlace],
    ) -> None:
        self.documents: DocumentController = DocumentController(ctx, text, place, earlier)
        self.highlights: HighlightsController = HighlightsController(ctx, self.documents)
        self.scrolling: ScrollController = ScrollController(ctx, self.documents)
        self.bookmarks: BookmarkController = BookmarkController(ctx, self.documents)
        self.references: ReferenceController = ReferenceController(ctx, self.documents, self.bookmarks, panes)
        self.pictures: PictureController = PictureController(ctx, self.documents)
        self.pins: PinController = PinController(ctx, self.documents, self.pictures, panes)
        self.links: LinkController = LinkController(
            ctx, self.documents, self.references, self.pictures, self.pins
        )
        self.reference_list: ReferenceListController = ReferenceListController(
            ctx, self.documents, self.links, self.references
        )
        self.contents: ContentsController = ContentsController(ctx, self.documents, panes)
        self.finding: FindController = FindController(ctx, self.documents, panes)
        self.editing: EditingController = EditingController(ctx, panes)
        self.comment_drafts: CommentDraftsController = CommentDraftsController(
            ctx, self.documents, self.highlights
        )
        self.comments: CommentController = CommentController(
            ctx, self.documents, self.highlights, self.editing, self.comment_drafts
        )
        self.highlight_list: HighlightListController = HighlightListController(
            ctx, self.documents, self.highlights, self.comment_drafts, self.comments
        )
        self.note: PaperNoteController = PaperNoteController(ctx, self.documents, self.editing)
        self.selection: SelectionController = SelectionController(
            ctx, self.documents, self.highlights, self.comments, panes
        )
        self.copying: CopyController = CopyController(
            ctx, self.documents, self.highlights, self.highlight_list
        )
        self.versions: VersionController = VersionController(ctx, self.documents)
        self.pdf: TextPdfController = TextPdfController(ctx, self.documents)
        self.status: StatusController = StatusController(ctx, self.documents, self.links, self.editing, panes)
        self.application: ApplicationController = ApplicationController(
            ctx, self.documents, self.links, self.finding, self.contents, self.pins, panes
        )

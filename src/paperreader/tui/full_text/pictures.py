"""Pictures of figures: fetched one after the other when they are shown, and painted as half blocks."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from paperreader.errors import PaperreaderError
from paperreader.fulltext import INSTALL_COMMAND, Picture, can_scale_pictures
from paperreader.jobs.client import Job
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.full_text.pictures import (
    HalfBlocks,
    PictureSize,
    PictureState,
    picture_size,
)

SETTLE_SECONDS = 0.3
"""How long the user stays at a picture before it is fetched."""

FETCHING = "Fetching the picture"

MAX_PICTURES = 50
"""Pictures in memory; those that were shown first are fetched from the cache again."""


class PictureController:
    """Only what is visible is fetched. An error is shown in place of the picture."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._view = ctx.widgets.view
        self._pictures: dict[PictureSize, PictureState] = {}
        self._failures: dict[str, str] = {}
        """Why pictures cannot be shown, by their addresses."""
        self._job: Job | None = None
        self._timer_runs = self._has_advised = False
        ctx.signals.scrolled.connect(lambda _: self._look_soon())
        ctx.signals.lines_changed.connect(lambda _: self._look_soon())

    def stop(self) -> None:
        """Stop fetching, because the screen is closed."""
        if self._job is not None:
            self._job.stop()

    def _look_soon(self) -> None:
        if not self._timer_runs:
            self._timer_runs = True
            self._ctx.tasks.after(SETTLE_SECONDS, self.look)

    def look(self) -> None:
        """Fetch the first visible picture that is not known yet."""
        self._timer_runs = False
        lines = self._view.layout_shown.lines
        visible = (picture_size(lines[number]) for number in self._view.visible_lines)
        wanted = list(dict.fromkeys(size for size in visible if size is not None))
        # With less room, a picture that failed has another size.
        self._pictures |= {size: self._failures[size[0]] for size in wanted if size[0] in self._failures}
        self._show()
        missing = next((size for size in wanted if size not in self._pictures), None)
        if missing is not None and self._job is None:
            self._pictures[missing] = FETCHING
            self._show()
            self._job = Job(self._ctx.library.folder, "picture", [missing[0], *map(str, missing[1:])])
            self._ctx.tasks.start(self._fetch(missing, self._job), group="pictures")
        elif not wanted:
            self._advise()

    async def _fetch(self, size: PictureSize, job: Job) -> None:
        state: PictureState
        try:
            result = await run_in_thread(lambda: job.run(lambda _: None))
            state = HalfBlocks(_picture(result))
        except PaperreaderError as error:
            state = f"No picture: {error} Press f to open it in the browser."
            self._failures[size[0]] = state
        finally:
            self._job = None
        if size[0] in self._failures:
            self._documents.give_up_picture(size[0])
        self._pictures.pop(size, None)
        self._pictures[size] = state
        for old in list(self._pictures)[:-MAX_PICTURES]:
            del self._pictures[old]
        if self._ctx.tasks.is_running:
            self.look()

    def _show(self) -> None:
        self._view.show_pictures(dict(self._pictures))

    def _advise(self) -> None:
        """Say once how pictures can be shown, when a figure is visible."""
        from paperreader.fulltext import Figure

        if self._has_advised or can_scale_pictures() or self._ctx.settings.reading.figures == "none":
            return
        lines, blocks = self._view.layout_shown.lines, self._documents.document.blocks
        visible = {lines[number].block for number in self._view.visible_lines}
        if any(index >= 0 and isinstance(blocks[index], Figure) for index in visible):
            self._has_advised = True
            self._ctx.ui.inform(f"{INSTALL_COMMAND} shows pictures here; f opens them in the browser")


def _picture(result: dict[str, Any]) -> Picture:
    return Picture(result["width"], result["height"], b64decode(result["pixels"]))

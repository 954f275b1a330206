"""Pictures of figures: fetched one after the other when they are shown."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from paperreader.errors import PaperreaderError
from paperreader.fulltext import INSTALL_COMMAND, Figure, Picture, can_scale_pictures, decompressed_picture
from paperreader.jobs.client import Job
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.figures.picture_display import PictureDisplay, PixelBox
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.graphics.terminal_graphics import TerminalGraphics
from paperreader.tui.widgets.full_text.pictures import (
    PictureSize,
    PictureState,
    picture_size,
)
from paperreader.tui.widgets.full_text.view import FullTextView

SETTLE_SECONDS = 0.3
"""How long the user stays at a picture before it is fetched."""

FETCHING = "Fetching the picture"


class PictureController:
    """Only what is visible is fetched. An error is shown in place of the picture."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._views: list[FullTextView] = [ctx.widgets.view]
        self._display = PictureDisplay(None)
        self._pictures: dict[PictureSize, PictureState] = {}
        self._failures: dict[str, str] = {}
        """Why pictures cannot be shown, by their addresses."""
        self._job: Job | None = None
        self._timer_runs = self._is_asking = self._has_advised = self._is_stopped = False
        ctx.signals.scrolled.connect(lambda _: self.look_soon())
        ctx.signals.lines_changed.connect(lambda _: self.look_soon())

    def use(self, graphics: TerminalGraphics | None) -> None:
        """Show pictures in a terminal that may be able to."""
        self._display = PictureDisplay(graphics)
        self._display.on_late_answer(self._show_again)

    def stop(self) -> None:
        """Stop fetching and delete all pictures, because the screen is closed."""
        self._is_stopped = True
        if self._job is not None:
            self._job.stop()
        self._display.delete(list(self._pictures.values()))
        self._display.ignore_late_answer(self._show_again)
        self._pictures.clear()

    def forget(self) -> None:
        """Show all pictures again, because another program has used the terminal."""
        self._display.forget()
        self._show_again()

    def add_view(self, view: FullTextView) -> None:
        """Show pictures in another view, too."""
        self._views.append(view)
        self._show()
        self.look_soon()

    def remove_view(self, view: FullTextView) -> None:
        """Do not show pictures in a view any more."""
        self._views.remove(view)

    def look_soon(self) -> None:
        """Look for pictures when the user stays where they are."""
        if not self._timer_runs:
            self._timer_runs = True
            self._ctx.tasks.after(SETTLE_SECONDS, self.look)

    def look(self) -> None:
        """Fetch the first visible picture that is not known yet."""
        self._timer_runs = False
        wanted = list(dict.fromkeys(self._visible_sizes()))
        # With less room, a picture that failed has another size.
        self._pictures |= {size: self._failures[size.url] for size in wanted if size.url in self._failures}
        self._show()
        missing = next((size for size in wanted if size not in self._pictures), None)
        can_start = self._job is None and not self._is_stopped and self._display.is_active
        if missing is not None and can_start:
            if self._display.is_known:
                self._start(missing)
            elif not self._is_asking:
                self._is_asking = True
                self._ctx.tasks.start(self._find_out(), group="pictures")
        elif not wanted:
            self._advise()

    def _visible_sizes(self) -> Iterator[PictureSize]:
        for view in self._views:
            lines = view.layout_shown.lines
            for number in view.visible_lines:
                if (size := picture_size(lines[number])) is not None:
                    yield size

    async def _find_out(self) -> None:
        try:
            await self._display.find_out()
        finally:
            self._is_asking = False
        self.look()

    def _start(self, size: PictureSize) -> None:
        self._pictures[size] = FETCHING
        self._show()
        box = self._display.box(size)
        job = self._job = Job(
            self._ctx.library.folder, "picture", [size.url, str(box.width), str(box.height)]
        )
        self._ctx.tasks.start(self._fetch(size, box, job), group="pictures")

    async def _fetch(self, size: PictureSize, box: PixelBox, job: Job) -> None:
        state: PictureState | None
        try:
            picture = await run_in_thread(lambda: _picture(job.run(lambda _: None)))
            state = await self._display.show(picture, size, box)
        except PaperreaderError as error:
            state = f"No picture: {error} Press f to open it in the browser."
            self._failures[size.url] = state
        finally:
            self._job = None
        self._pictures.pop(size, None)
        if size.url in self._failures:
            self._documents.give_up_picture(size.url)
        if self._is_stopped:
            self._display.delete([state or ""])
        elif state is None or (box != self._display.box(size) and not isinstance(state, str)):
            self._display.delete([state or ""])  # the terminal was left, or shows more than was known
            self.look_soon()
        else:
            self._pictures[size] = state
            self._forget_oldest()
            if self._ctx.tasks.is_running:
                self.look()

    def _forget_oldest(self) -> None:
        visible = set(self._visible_sizes())
        others = [size for size in self._pictures if size not in visible]
        surplus = others[: max(0, len(self._pictures) - self._display.max_pictures)]
        self._display.delete([self._pictures.pop(size) for size in surplus])

    def _show_again(self) -> None:
        if self._is_stopped:
            return
        self._pictures = {size: state for size, state in self._pictures.items() if state is FETCHING}
        self._show()
        self.look_soon()

    def _show(self) -> None:
        for view in self._views:
            view.show_pictures(dict(self._pictures))

    def _advise(self) -> None:
        """Say once how pictures can be shown, when a figure is visible."""
        if self._has_advised or can_scale_pictures() or self._ctx.settings.reading.figures == "none":
            return
        view, blocks = self._ctx.widgets.view, self._documents.document.blocks
        visible = {view.layout_shown.lines[number].block for number in view.visible_lines}
        if any(index >= 0 and isinstance(blocks[index], Figure) for index in visible):
            self._has_advised = True
            self._ctx.ui.inform(f"{INSTALL_COMMAND} shows pictures here; f opens them in the browser")


def _picture(result: dict[str, Any]) -> Picture:
    return decompressed_picture(result["width"], result["height"], b64decode(result["pixels"]))

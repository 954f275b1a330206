"""Screens that cover each other, and that paint as little as possible."""

from __future__ import annotations

from textual.app import App
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.events import ScreenResume
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from paperreader.tui.runtime.visible_compositor import VisibleCompositor


class CoveredScreen(Screen[None]):
    """Does not paint again what has not changed: what covers it, and everything at each report of the same size.

    NOTE: Textual paints the regions of a covered screen that have changed as part of the one in front, and requests to
    paint all of the covered one the next time. Then each of its timers and each key painted the whole terminal: 30 kB
    and 10 ms once a second, and with each key in a dialog or a full text. A screen that is in front again is painted
    completely in any case. And at a start the size is reported four times.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """NOTE: Textual paints all of the screen when the focus moves. Widgets that gain or lose it paint themselves."""

    is_painted = True
    """Whether it appears in the terminal. Otherwise only its layout is computed."""

    _was_in_front = False

    def __init__(self) -> None:
        super().__init__()
        self._compositor = VisibleCompositor()

    def paint_now(self) -> None:
        """Paint everything that has changed, in one frame.

        NOTE: In Textual each widget reports its change in a task of its own, and the screen then waits for the next
        tick of a timer: results appeared up to 8 ms later, and often their scrollbars another frame later.
        """
        for widget in self._compositor.visible_widgets:
            if widget._repaint_required:
                widget._repaint_required = False
                self._dirty_widgets.add(widget)
        self._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self.is_painted:
            return
        super()._compositor_refresh()
        if self is not self.app.screen:
            self._repaint_required = False

    def _on_screen_resume(self, event: ScreenResume) -> None:
        # NOTE: Textual's handler of the same name runs after this one. It would style all widgets again, which has just
        # been done when they were mounted.
        event.refresh_styles &= self._was_in_front
        self._was_in_front = True

    def _screen_resized(self, size: Size) -> None:
        if size != self._size:
            super()._screen_resized(size)


class CoveringApp(App[None]):
    """Does not lay out and paint the screen in front again when one that covered it has been removed.

    NOTE: Textual does so for everything that is removed from its parent, which for a screen is the application. What
    it covered is painted before that, and laid out again if its size has changed meanwhile.
    """

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        return super()._prune(*nodes, parent=None if parent is self else parent)

"""A list of places in a full text, at the bottom of the screen: matches, or highlights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.full_text_marks import PASSAGE_LIST_KEYS
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs, to_ascii
from paperreader.tui.widgets.full_text.role_styles import role_style
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.line_view import LineView
from paperreader.tui.widgets.text_line import TextLine, TextSpan, truncate

MAX_LINES_SHARE = 0.6
"""Share of the screen that the lines may take."""

MIN_LINES = 3


class PassageChoice(NamedTuple):
    """What to do with a line of the list."""

    action: Literal["go", "copy"]
    number: int


class PassageLines(LineView, inherit_bindings=False):
    """The lines. Only those that are visible are made."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "passages--text",
        "passages--muted",
        "passages--yours",
        "passages--strong",
        "passages--hit",
        "passages--selected",
    }

    def __init__(self, count: int, line: Callable[[int], Sequence[TextSpan]], selected: int) -> None:
        super().__init__(id="passages")
        self.count, self._line, self.selected = count, line, selected

    def on_mount(self) -> None:
        self.set_content_height(self.count)

    def on_resize(self) -> None:
        self.select(self.selected)

    def select(self, number: int) -> None:
        """Select a line; the first or last one if there is no such line."""
        self.selected = max(0, min(number, self.count - 1))
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self.selected < top + height:
            middle = self.selected - height // 2
            self.scroll_to(y=max(0, min(middle, self.count - height)), animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        number, width = self.scroll_offset.y + y, self.text_width
        plain = self._style_of("text")
        if number >= self.count:
            return Strip.blank(width, plain)
        glyphs = get_glyphs(self.app)
        is_selected = number == self.selected
        background = self._style_of("selected") if is_selected else Style()
        bar = TextSpan(f"{glyphs.cursor} " if is_selected else "  ", "strong")
        safe = [span._replace(text=_painted(span.text)) for span in (bar, *self._line(number))]
        shown = truncate(safe, width - 1, glyphs.ellipsis)
        if glyphs is ASCII:
            shown = [span._replace(text=to_ascii(span.text)) for span in shown]
        segments = [Segment(span.text, self._style_of(span.role) + background) for span in shown]
        return Strip(segments).adjust_cell_length(width, plain + background)

    def _style_of(self, role: str) -> Style:
        return role_style(self, f"passages--{role}", is_overlay=role == "selected")

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        number = self.scroll_offset.y + offset.y if offset is not None else self.count
        if number < self.count:
            event.stop()
            self.screen.dismiss(PassageChoice("go", number))


class PassageListTitle(TextLine):
    """The heading."""

    def __init__(self, title: str) -> None:
        super().__init__(id="passages-title")
        self._title = title

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan(self._title, "strong")]


class PassageListDialog(ModalScreen[PassageChoice | None]):
    """Returns what to do with a line, or None."""

    BINDINGS = bindings(PASSAGE_LIST_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/full_text.tcss"

    def __init__(
        self, title: str, count: int, line: Callable[[int], Sequence[TextSpan]], selected: int = 0
    ) -> None:
        """`line` returns the content of one of `count` lines, of which number `selected` is selected first."""
        super().__init__()
        self._title = title
        self._lines = PassageLines(count, line, selected)

    def compose(self) -> ComposeResult:
        with Vertical(id="overview"):
            yield PassageListTitle(self._title)
            yield self._lines
            footer = KeyFooter(classes="footer")
            footer.mode = "passages"
            yield footer

    def on_mount(self) -> None:
        room = max(MIN_LINES, int(self.app.size.height * MAX_LINES_SHARE))
        self._lines.styles.height = min(self._lines.count, room)

    def action_move(self, delta: int) -> None:
        self._lines.select(self._lines.selected + delta)

    def action_page(self, direction: int) -> None:
        self.action_move(direction * max(1, self._lines.size.height - 1))

    def action_end(self, direction: int) -> None:
        self._lines.select(self._lines.count if direction > 0 else 0)

    def action_accept(self) -> None:
        self.dismiss(PassageChoice("go", self._lines.selected))

    def action_copy(self) -> None:
        self.dismiss(PassageChoice("copy", self._lines.selected))

    def action_close(self) -> None:
        self.dismiss(None)


def _painted(text: str) -> str:
    return text if text.isprintable() else single_line(text)


def context_spans(text: str, start: int, end: int, before: int) -> Iterator[TextSpan]:
    """Yield a part of a text with the range from `start` to `end`, after at most `before` cells."""
    first = max(0, start - before)
    if first:
        while first < start and not text[first - 1].isspace():
            first += 1
    while cell_width(text[first:start]) > before:
        first += 1
    yield TextSpan(text[first:start])
    yield TextSpan(text[start:end], "hit")
    yield TextSpan(text[end : end + MAX_CONTEXT])


MAX_CONTEXT = 400
"""Characters after a match that are made into a line."""

"""The output of a command of the user: shown while the command runs, and scrolled when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.errors import PaperreaderError
from paperreader.system.user_programs import ProgramResult
from paperreader.text.cell_width import cell_width
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import OUTPUT_KEYS
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextLine, TextSpan
from paperreader.tui.widgets.text_lines import HelpLine, TextLines

if TYPE_CHECKING:
    from textual.worker import Worker

MAX_SHOWN_CHARS = 200_000
"""How much is shown. All of the output is copied or added to the note."""

Outcome = tuple[Literal["copy", "note"], str]
"""What to do with the output."""


class OutputTitle(TextLine):
    """The name of the command, and how it ended."""

    title: HelpLine = ()

    def spans(self, width: int) -> HelpLine:
        return self.title


class OutputDialog(ModalScreen[Outcome | None]):
    """Runs a command in a thread. Returns what the user wants to do with its output, or None."""

    BINDINGS = bindings(OUTPUT_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(
        self,
        title: str,
        run: Callable[[Callable[[], bool]], ProgramResult],
        *,
        to_note: bool,
        has_note: bool,
    ) -> None:
        """
        Args:
            title: the name of the command.
            run: runs it in a thread, and stops it when the function that it gets returns True.
            to_note: close the dialog when the command has succeeded, and add its output to the note.
            has_note: whether the command is about one paper, to whose note the output can be added.
        """
        super().__init__()
        self._title, self._run, self._to_note, self._has_note = title, run, to_note, has_note
        self._result: ProgramResult | None = None
        self._cancelled = False
        self._worker: Worker[None] | None = None
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def compose(self) -> ComposeResult:
        with Vertical(id="output"):
            yield OutputTitle(id="output-title")
            with VerticalScroll(id="output-lines", can_focus=False):
                yield TextLines(id="output-text")
            footer = KeyFooter(classes="footer")
            footer.mode = "output"
            yield footer

    def on_mount(self) -> None:
        glyphs = get_glyphs(self.app)
        if glyphs is ASCII:  # the ends of the scrollbar are not ASCII
            self.query_one("#output-lines").styles.scrollbar_size_vertical = 0
        self._set_title(f"running {glyphs.ellipsis}")
        self._worker = self.run_worker(self._load(), group="piping")

    def on_unmount(self) -> None:
        self._cancelled = True

    def on_resize(self) -> None:
        self._show_result()

    async def _load(self) -> None:
        try:
            result = await run_in_thread(lambda: self._run(lambda: self._cancelled))
        except PaperreaderError as error:
            result = ProgramResult("", str(error).rstrip("."))
        if not self.is_attached or self._cancelled:
            return
        if self._to_note and not result.failure:
            self.dismiss(("note", result.output))
            return
        self._result = result
        self.call_after_refresh(self._show_result)

    def _show_result(self) -> None:
        result = self._result
        if result is None:
            return
        lines = result.output.split("\n") if result.output else []
        count = f"{len(lines):,} lines" if len(lines) != 1 else "1 line"
        self._set_title(result.failure or (count if lines else "no output"))
        width = max(20, self.query_one("#output-lines").size.width - 1)
        shown: list[HelpLine] = []
        for line in result.output[:MAX_SHOWN_CHARS].split("\n") if lines else []:
            shown += [(TextSpan(part),) for part in _fold(line, width)]
        if len(result.output) > MAX_SHOWN_CHARS:
            shown.append((TextSpan("the rest is not shown, but copied", "muted"),))
        self.query_one(TextLines).show(shown)

    def _set_title(self, state: str) -> None:
        title = self.query_one(OutputTitle)
        title.title = (TextSpan(self._title, "strong"), TextSpan(f"  {state}", "muted"))
        title.refresh()

    def action_scroll(self, direction: int) -> None:
        self.query_one("#output-lines").scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        pane = self.query_one("#output-lines")
        pane.scroll_relative(y=direction * max(1, pane.size.height - 1), animate=False)

    def action_copy(self) -> None:
        self._close_with("copy")

    def action_add_to_note(self) -> None:
        if self._has_note:
            self._close_with("note")

    def _close_with(self, what: Literal["copy", "note"]) -> None:
        if self._result is not None and self._result.output:
            self.dismiss((what, self._result.output))

    def action_close(self) -> None:
        """Close the dialog, which cancels the command if it is running."""
        self._cancelled = True
        self.dismiss(None)


def _fold(line: str, width: int) -> list[str]:
    """Return a line in parts of at most `width` cells, with all its blanks, broken at a blank if possible."""
    parts: list[str] = []
    start = cells = 0
    last_blank = -1
    for at, char in enumerate(line):
        cells += 1 if char < "\x7f" else cell_width(char)
        if cells > width:
            end = last_blank + 1 if last_blank >= start else at
            parts.append(line[start:end])
            start, last_blank = end, -1
            cells = cell_width(line[start : at + 1])
        if char == " ":
            last_blank = at
    return [*parts, line[start:]]

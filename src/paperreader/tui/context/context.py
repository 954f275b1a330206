"""The one argument that all controllers have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.config import Settings
from paperreader.errors import PaperreaderError
from paperreader.models import Paper
from paperreader.tui.context.command_queue import CommandQueue
from paperreader.tui.context.signals import ReaderSignals
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.context.ui import ReaderUi
from paperreader.tui.context.widgets import ReaderWidgets
from paperreader.tui.terminal.glyphs import Glyphs

if TYPE_CHECKING:
    from paperreader.library import Library


class ReaderContext(Struct, frozen=True):
    """Made by the screen; a test makes one with substitutes for `ui`, `tasks` and `widgets`."""

    library: Library
    settings: Settings
    glyphs: Glyphs
    widgets: ReaderWidgets
    ui: ReaderUi
    tasks: TaskRunner
    signals: ReaderSignals
    commands: CommandQueue

    @property
    def current_row(self) -> int | None:
        """The row of the paper under the cursor; None in an empty list."""
        return self.widgets.paper_list.cursor

    @property
    def current_paper(self) -> Paper | None:
        """The paper under the cursor; None in an empty list, or when it cannot be read, which is reported."""
        row = self.current_row
        return None if row is None else self.paper_at(row)

    def paper_at(self, row: int) -> Paper | None:
        """The paper of a row; None when it cannot be read, which is reported."""
        try:
            return self.library.paper(row)
        except PaperreaderError as error:
            self.ui.fail(error)
            return None

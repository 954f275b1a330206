"""What the screen of a full text uses of the main screen behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paperreader.models import MarkChange
from paperreader.tui.context.signals import Signal
from paperreader.tui.model.undo_history import UndoHistory
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.library import Update
    from paperreader.tui.full_text.documents import EarlierPlace


@dataclass(frozen=True, slots=True)
class ReaderAccess:
    """Made by the controller that opens full texts."""

    history: UndoHistory
    """Changes marks, so that the main screen can undo them."""
    marks_changed: Signal[Sequence[MarkChange] | None]
    library_changed: Signal[Update]
    show_paper: Callable[[str, Sequence[EarlierPlace]], None]
    """Shows the paper with an id, and goes back to the last place when the user wants to; this screen is closed."""
    show_similar: Callable[[str, Sequence[EarlierPlace]], None]
    """Shows the papers that a query finds, and goes back to the last place when the user wants to; this screen is
    closed.
    """
    add_paper: Callable[[str, Callable[[bool], None]], None]
    """Adds the paper with an arXiv id in the background, then calls the function with whether that worked."""
    why_not_add: Callable[[], Sequence[str | TextSpan]]
    """Returns why no paper can be added now; nothing if one can."""

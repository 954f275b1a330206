"""What every controller of a full text is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from paperreader.config import Settings
from paperreader.fulltext import (
    SOURCE_LABELS,
    ContentsEntry,
    Document,
    Place,
    document_contents,
    section_at,
)
from paperreader.models import FindMatches
from paperreader.tui.context.screen_ui import ScreenUi
from paperreader.tui.context.sharing import Sharing
from paperreader.tui.context.signals import Signal
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.full_text.reader_access import ReaderAccess
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.full_text.bars import FullTextStatus, FullTextTitle
from paperreader.tui.widgets.full_text.contents_pane import ContentsPane
from paperreader.tui.widgets.full_text.find_bar import FindBar
from paperreader.tui.widgets.full_text.pin import Pin
from paperreader.tui.widgets.full_text.selection_bar import SelectionBar
from paperreader.tui.widgets.full_text.view import FullTextView
from paperreader.tui.widgets.key_footer import KeyFooter

if TYPE_CHECKING:
    from paperreader.library import Library


@dataclass(frozen=True)
class OpenText:
    """A document that is shown."""

    paper: str
    """The id of the paper."""
    title: str
    document: Document
    find: FindMatches | None = None
    """Finds the words of the query by which the user came to the text; None without one."""

    @cached_property
    def contents(self) -> tuple[ContentsEntry, ...]:
        """Its contents. Takes some milliseconds at first."""
        return document_contents(self.document)

    @property
    def facts(self) -> str:
        """Version and source."""
        version = f"v{self.document.version}  " if self.document.version else ""
        return version + SOURCE_LABELS[self.document.source]

    def section_at(self, place: Place) -> ContentsEntry | None:
        """Return the section in which a place is; None before the first one."""
        return section_at(self.contents, place.block)


@dataclass(frozen=True, slots=True)
class FullTextWidgets:
    """Made once for each screen, before it is composed."""

    title: FullTextTitle = field(default_factory=lambda: FullTextTitle(id="full-text-title"))
    contents: ContentsPane = field(default_factory=lambda: ContentsPane(id="contents"))
    view: FullTextView = field(default_factory=lambda: FullTextView(id="full-text"))
    pin: Pin = field(default_factory=lambda: Pin(id="pin"))
    find_bar: FindBar = field(default_factory=lambda: FindBar(id="find-bar"))
    selection_bar: SelectionBar = field(default_factory=lambda: SelectionBar(id="selection-bar"))
    status: FullTextStatus = field(default_factory=lambda: FullTextStatus(id="full-text-status"))
    footer: KeyFooter = field(default_factory=lambda: KeyFooter(id="footer"))


class FullTextSignals:
    """Signals between the controllers of a full text."""

    def __init__(self) -> None:
        self.text_shown: Signal[OpenText] = Signal()
        """Another document is shown."""
        self.lines_changed: Signal[None] = Signal()
        """The document was laid out again: for another width, or completely."""
        self.scrolled: Signal[None] = Signal()
        """Other lines are visible."""
        self.mode_changed: Signal[None] = Signal()
        """Another key mode may apply."""


@dataclass(frozen=True, slots=True)
class FullTextContext:
    """Made by the screen."""

    library: Library
    settings: Settings
    glyphs: Glyphs
    widgets: FullTextWidgets
    ui: ScreenUi
    tasks: TaskRunner
    sharing: Sharing
    signals: FullTextSignals
    reader: ReaderAccess


def section_label(entry: ContentsEntry | None) -> str:
    """Return number and title of a section; empty for none."""
    return " ".join(filter(None, (entry.label, entry.text))) if entry is not None else ""


def section_labels(entries: Sequence[ContentsEntry | None]) -> str:
    """Return the numbers of sections, or the titles of those without, each once; of a single section, both."""
    sections = list(dict.fromkeys(entry for entry in entries if entry is not None))
    if len(sections) == 1:
        return section_label(sections[0])
    return ", ".join(entry.label or entry.text for entry in sections)

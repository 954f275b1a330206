"""The lines above and below a full text: title and version; section, position, and messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.reactive import reactive

from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.status_bar import MessageLine
from paperreader.tui.widgets.text_line import (
    TextLine,
    TextSpan,
    align_both_ends,
    span_width,
    truncate_longest,
)


class FullTextTitle(TextLine):
    """The title of the paper, and which version is shown."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--yours"}

    title: reactive[str] = reactive("")
    facts: reactive[str] = reactive("")
    """Version and source."""
    is_bookmarked: reactive[bool] = reactive(False)
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    def spans(self, width: int) -> Sequence[TextSpan]:
        star = [TextSpan(f"{self.glyphs.bookmark} ", "yours")] if self.is_bookmarked else []
        left = [TextSpan(" "), *star, TextSpan(self.title, "strong")]
        return align_both_ends(left, [TextSpan(f"{self.facts} ", "muted")], width, self.glyphs.ellipsis)


class FullTextInfo(NamedTuple):
    """What the status bar of a full text shows while there is no message."""

    section: str = ""
    percent: int | None = None
    """How much of the text is above or on the screen; None while it is being laid out."""
    activity: str = ""
    """Work in the background."""
    matches: str = ""
    """Which match of the search is the current one."""


class FullTextStatus(MessageLine):
    """Section and position. A message replaces the section for a few seconds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--chip", "text-line--good"}

    chip: reactive[str] = reactive("TEXT")
    info: reactive[FullTextInfo] = reactive(FullTextInfo())
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._activities: dict[str, str] = {}

    def show_activity(self, activity: str, owner: str) -> None:
        """Show what a controller is doing in the background; empty: nothing."""
        self._activities[owner] = activity
        shown = f" {self.glyphs.separator} ".join(filter(None, self._activities.values()))
        self.info = self.info._replace(activity=shown)

    def spans(self, width: int) -> Sequence[TextSpan]:
        chip = TextSpan(f" {self.chip} ", "chip")
        info = self.info
        percent = "" if info.percent is None else f"{info.percent}%"
        right = [
            TextSpan(f"{info.activity}  " if info.activity else "", "muted"),
            TextSpan(f"{info.matches}  " if info.matches else "", "strong"),
            TextSpan(percent, "strong"),
        ]
        right.append(TextSpan(" "))
        rest = width - cell_width(chip.text)
        middle = self.message or (TextSpan(info.section, "muted"),)
        left = truncate_longest([TextSpan("  "), *middle], rest - span_width(right) - 1, self.glyphs.ellipsis)
        return [chip, *align_both_ends(left, right, rest, self.glyphs.ellipsis)]

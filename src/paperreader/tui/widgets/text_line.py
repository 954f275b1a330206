"""A line of text in a few roles, cut to its width: what search tally, status and footer are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.keymap import Keymap
from paperreader.tui.terminal.contrast import with_readable_contrast
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs, to_ascii

Role = Literal["text", "strong", "muted", "key", "yours", "chip", "good"]
"""What a piece of a line is: `text` and `strong` look as the line itself does, the style sheet says the others."""


_BOLD = Style(bold=True)

MIN_TRUNCATED_WIDTH = 8
"""Cells that are left of a text that makes room for others."""


class TextSpan(NamedTuple):
    """A run of text in one role; a click on it runs `action`."""

    text: str
    role: Role = "text"
    action: str = ""


def span_width(spans: Sequence[TextSpan]) -> int:
    """Cells that the pieces take."""
    return sum(cell_width(piece.text) for piece in spans)


def align_both_ends(
    left: Sequence[TextSpan], right: Sequence[TextSpan], width: int, ellipsis: str = "…"
) -> list[TextSpan]:
    """`left` and `right` at the two ends of `width` cells; where they do not fit, `left` is cut."""
    room = width - span_width(right) - (1 if right else 0)
    if room < 0:
        return truncate(right, width, ellipsis)
    kept = truncate(left, room, ellipsis)
    return [*kept, TextSpan(" " * (width - span_width(kept) - span_width(right))), *right]


def truncate(spans: Sequence[TextSpan], width: int, ellipsis: str = "…") -> list[TextSpan]:
    """As much of the pieces as fits into `width` cells, the last one cut and ended with `ellipsis`."""
    kept: list[TextSpan] = []
    for piece in spans:
        taken = cell_width(piece.text)
        if taken <= width:
            kept.append(piece)
            width -= taken
            continue
        if width > 0:
            kept.append(piece._replace(text=truncate_cells(piece.text, width, ellipsis)))
        break
    return kept


def truncate_longest(spans: Sequence[TextSpan], width: int, ellipsis: str = "…") -> list[TextSpan]:
    """The pieces, the longest of them cut so that what stands after it is still seen."""
    over = span_width(spans) - width
    if over <= 0:
        return list(spans)
    longest = max(spans, key=lambda piece: cell_width(piece.text))
    kept = truncate_cells(longest.text, max(MIN_TRUNCATED_WIDTH, cell_width(longest.text) - over), ellipsis)
    return [piece._replace(text=kept) if piece is longest else piece for piece in spans]


def _sanitized(piece: TextSpan) -> TextSpan:
    """A piece that nobody has made fit for the terminal before."""
    return piece._replace(text=single_line(piece.text))


def with_effective_key(span: TextSpan, keymap: Keymap) -> TextSpan:
    """Return a span that names a default key of list and detail with the key that the user assigned instead."""
    if span.role != "key":
        return span
    label = span.text.strip()
    return span._replace(text=span.text.replace(label, keymap.effective_label(label)))


class TextLine(Widget):
    """One line of pieces. Subclasses say which, for the width at hand, and declare the other roles they use."""

    ALLOW_SELECT = False
    # Each costs something in every line there is, before anything is painted: no more than nearly all lines use.
    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--muted", "one-line--key"}

    def spans(self, width: int) -> Sequence[TextSpan]:
        """What the line says, in at most `width` cells. Single-line text without control characters."""
        raise NotImplementedError

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        """What stands on one line, for the few widgets that have several."""
        return self.spans(self.size.width)

    def render_line(self, y: int) -> Strip:
        if not self.is_attached:
            # Taken out already, and with it its styles; the screen may paint the place once more before it knows.
            return Strip.blank(self.size.width)
        return self.render_spans(self.spans_at(y))

    def render_spans(self, spans: Sequence[TextSpan]) -> Strip:
        """Pieces as a line of the widget's width."""
        width, plain = self.size.width, with_readable_contrast(self.rich_style)
        safe = [piece if piece.text.isprintable() else _sanitized(piece) for piece in spans]
        glyphs = get_glyphs(self.app)
        shown = truncate(safe, width, glyphs.ellipsis)
        if glyphs is ASCII:
            shown = [piece._replace(text=to_ascii(piece.text)) for piece in shown]
        segments = [Segment(text, self._style(role, plain)) for text, role, _ in shown]
        return Strip(segments).adjust_cell_length(width, plain)

    def _style(self, role: Role, plain: Style) -> Style:
        if role == "text":
            return plain
        if role == "strong":
            return plain + _BOLD
        return with_readable_contrast(self.get_component_rich_style(f"one-line--{role}"))

    async def on_click(self, event: events.Click) -> None:
        at = 0
        for piece in self.spans_at(event.y):
            at += cell_width(piece.text)
            if event.x < at:
                if piece.action:
                    event.stop()
                    await self._run_click_action(piece.action)
                return

    async def _run_click_action(self, action: str) -> None:
        """Do what the key would do: the focused widget's action before the screen's."""
        focused, name = self.screen.focused, action.partition("(")[0]
        target = focused if focused is not None and hasattr(focused, f"action_{name}") else self.screen
        await self.app.run_action(action, target)

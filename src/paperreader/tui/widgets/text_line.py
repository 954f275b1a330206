"""Styled text without markup: spans with a role, functions that fit them into a width, and a one-line widget."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from paperreader.text.cell_width import cell_width, is_narrow, truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.keymap import Keymap
from paperreader.tui.terminal.colors import with_readable_contrast
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs, to_ascii

Role = Literal[
    "text",
    "title",
    "unread",
    "dim",
    "muted",
    "new",
    "yours",
    "fit",
    "key",
    "link",
    "hit",
    "match",
    "bar",
    "strong",
    "emph",
    "code",
    "chip",
    "good",
]
"""The meaning of a span, for the style sheet. `yours` is made by the user, `fit` how well a paper fits the user, `new`
is the unread symbol, `hit` a match of the query, `match` the selected match. Each widget declares styles for the roles
that it uses."""

MatchRanges = Sequence[tuple[int, int]]
"""Start and end of the matches in a text, in characters."""

MIN_TRUNCATED_WIDTH = 8
"""Cells that `truncate_longest` leaves of a text."""

_FIXED_ROLES: frozenset[Role] = frozenset({"muted", "key"})
"""Roles of the text of a message around names and titles."""

_BOLD = Style(bold=True)


class TextSpan(NamedTuple):
    """A text in one role. In a `TextLine`, a click on it runs `action`."""

    text: str
    role: Role = "text"
    action: str = ""


StyledLine = tuple[TextSpan, ...]


def padding(count: int) -> list[TextSpan]:
    """Return `count` spaces; nothing for less than one."""
    return [TextSpan(" " * count)] if count > 0 else []


def span_width(spans: Iterable[TextSpan]) -> int:
    """Return the width in cells."""
    texts = [span.text for span in spans]
    line = "".join(texts)
    return len(line) if is_narrow(line) else sum(map(cell_width, texts))


def _width(span: TextSpan) -> int:
    return cell_width(span.text)


def truncate(spans: Iterable[TextSpan], width: int, ellipsis: str = "…") -> list[TextSpan]:
    """Return the spans that fit into `width` cells; the last one is truncated and ends with `ellipsis`."""
    fitting: list[TextSpan] = []
    for span in spans:
        needed = cell_width(span.text)
        if needed <= width:
            fitting.append(span)
            width -= needed
            continue
        if width > 0:
            fitting.append(span._replace(text=truncate_cells(span.text, width, ellipsis)))
        break
    return fitting


def truncate_longest(spans: Sequence[TextSpan], width: int, ellipsis: str = "…") -> list[TextSpan]:
    """Truncate the longest span, so that those after it stay visible: a name or title rather than the fixed text."""
    excess = span_width(spans) - width
    if excess <= 0:
        return list(spans)
    names = [span for span in spans if span.role not in _FIXED_ROLES]
    longest = max(names, key=_width, default=None)
    if longest is None or _width(longest) <= MIN_TRUNCATED_WIDTH:
        longest = max(spans, key=_width)
    room = max(MIN_TRUNCATED_WIDTH, _width(longest) - excess)
    text = truncate_cells(longest.text, room, ellipsis)
    return [span._replace(text=text) if span is longest else span for span in spans]


def align_both_ends(
    left: Sequence[TextSpan], right: Sequence[TextSpan], width: int, ellipsis: str = "…"
) -> list[TextSpan]:
    """Return `left` and `right` at the two ends of `width` cells; where they do not fit, `left` is truncated."""
    room = width - span_width(right) - (1 if right else 0)
    if room < 0:
        return truncate(right, width, ellipsis)
    fitting = truncate(left, room, ellipsis)
    return [*fitting, TextSpan(" " * (width - span_width(fitting) - span_width(right))), *right]


def highlight(
    text: str, ranges: MatchRanges, role: Role, start: int = 0, *, match: int = -1
) -> list[TextSpan]:
    """Split `text` into spans: matches in the role `hit`, range number `match` in the role `match`, the rest in `role`.

    The ranges, which ascend, count from `start` characters before the text. Parts outside the text are ignored: a long
    text has many lines and many matches.
    """
    spans: list[TextSpan] = []
    done = 0
    for number in range(bisect_right(ranges, start, key=itemgetter(1)), len(ranges)):
        first, last = ranges[number]
        if first - start >= len(text):
            break
        a, b = max(done, first - start), min(len(text), last - start)
        if a >= b:
            continue
        if a > done:
            spans.append(TextSpan(text[done:a], role))
        spans.append(TextSpan(text[a:b], "match" if number == match else "hit"))
        done = b
    if done < len(text):
        spans.append(TextSpan(text[done:], role))
    return spans


def _sanitized(span: TextSpan) -> TextSpan:
    return span._replace(text=single_line(span.text))


def with_effective_key(span: TextSpan, keymap: Keymap) -> TextSpan:
    """Return a span that names a default key of list and detail with the key that the user assigned instead."""
    if span.role != "key":
        return span
    label = span.text.strip()
    return span._replace(text=span.text.replace(label, keymap.effective_label(label)))


class TextLine(Widget):
    """A widget of one line. Subclasses override `spans`, and declare styles for the roles that they use."""

    ALLOW_SELECT = False
    # Every component class costs time in every line, so only those that nearly all lines use are declared here.
    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--muted", "text-line--key"}

    def spans(self, width: int) -> Sequence[TextSpan]:
        """Return the content for `width` cells. What is wider is truncated."""
        return ()

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        """Return the content of line `y`, for the few widgets with several lines."""
        return self.spans(self.size.width)

    def render_line(self, y: int) -> Strip:
        if not self.is_attached:
            # Already removed, with its styles; the screen may paint its region once more.
            return Strip.blank(self.size.width)
        return self.render_spans(self.spans_at(y))

    def render_spans(self, spans: Sequence[TextSpan]) -> Strip:
        """Return spans as a strip of the width of the widget."""
        width, plain = self.size.width, with_readable_contrast(self.rich_style)
        safe = [span if span.text.isprintable() else _sanitized(span) for span in spans]
        glyphs = get_glyphs(self.app)
        shown = truncate(safe, width, glyphs.ellipsis)
        if glyphs is ASCII:
            shown = [span._replace(text=to_ascii(span.text)) for span in shown]
        segments = [Segment(text, self._style(role, plain)) for text, role, _ in shown]
        return Strip(segments).adjust_cell_length(width, plain)

    def _style(self, role: Role, plain: Style) -> Style:
        if role == "text":
            return plain
        if role == "strong":
            return plain + _BOLD
        return with_readable_contrast(self.get_component_rich_style(f"text-line--{role}"))

    async def on_click(self, event: events.Click) -> None:
        end = 0
        for span in self.spans_at(event.y):
            end += cell_width(span.text)
            if event.x < end:
                if span.action:
                    event.stop()
                    await self._run_click_action(span.action)
                return

    async def _run_click_action(self, action: str) -> None:
        """Run an action as its key would: of the focused widget if it has it, else of the screen."""
        focused, name = self.screen.focused, action.partition("(")[0]
        target = focused if focused is not None and hasattr(focused, f"action_{name}") else self.screen
        await self.app.run_action(action, target)

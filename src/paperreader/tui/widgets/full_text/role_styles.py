"""Styles of the parts of a full text, from the style sheet."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

from paperreader.tui.terminal.colors import with_readable_contrast

OVERLAYS = ("hit", "match", "target", "highlight", "selected")
"""Styles of ranges, over those of spans."""

MARK_ROLES = ("label-key", "more", "sign", *OVERLAYS)
"""Styles in addition to those of spans."""


def role_style(widget: Widget, name: str, *, is_overlay: bool) -> Style:
    """Return the style of a component class.

    That of an overlay has only what the style sheet says: it keeps the color, or the background, of what is below.
    """
    style = with_readable_contrast(widget.get_visual_style(name).rich_style)
    if not is_overlay:
        return style
    own = widget.get_component_styles(name)
    return Style(
        color=style.color if own.has_rule("color") else None,
        bgcolor=style.bgcolor if own.has_rule("background") else None,
        bold=style.bold or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
    )

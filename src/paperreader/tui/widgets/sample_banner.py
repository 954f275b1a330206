"""A line that marks the sample library."""

from __future__ import annotations

from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.widgets.text_line import TextLine, TextSpan

SAMPLE_IS_FIXED = (
    "The sample library cannot be changed.  ",
    TextSpan("ctrl+p", "key"),
    TextSpan(" leave", "text"),
    TextSpan(" opens your own", "muted"),
)
"""The parts of the message about a command that only a library of the user can run."""


class SampleBanner(TextLine):
    """Shows that the papers are samples, in a library of their own."""

    def spans(self, width: int) -> list[TextSpan]:
        return [
            TextSpan(" Sample papers", "strong"),
            TextSpan("  in a library of their own.  ", "muted"),
            TextSpan(get_keymap(self.app).label("palette"), "key"),
            TextSpan(" leave", "strong"),
            TextSpan(" opens yours", "muted"),
        ]

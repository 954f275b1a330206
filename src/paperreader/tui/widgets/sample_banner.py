"""A line that marks the sample library."""

from __future__ import annotations

from paperreader.tui.widgets.text_line import TextLine, TextSpan


class SampleBanner(TextLine):
    """Shows that the papers are samples, in a library of their own."""

    def spans(self, width: int) -> list[TextSpan]:
        return [
            TextSpan(" Sample papers", "strong"),
            TextSpan("  in a separate library: your own is not changed", "muted"),
        ]

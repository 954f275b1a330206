"""Paints text that is edited and stored to the letter: what could control the terminal is hidden."""

from __future__ import annotations

from rich.segment import Segment
from textual._cells import cell_len
from textual.strip import Strip

from paperreader.text.sanitize import hide_unsafe


def hide_unsafe_segments(strip: Strip) -> Strip:
    """Return a painted line of an editor without what could control the terminal, in the same cells."""
    if all(segment.text.isascii() and segment.text.isprintable() for segment in strip):
        return strip
    segments = [Segment(hide_unsafe(text, cell_len), style, control) for text, style, control in strip]
    return Strip(segments, strip.cell_length)

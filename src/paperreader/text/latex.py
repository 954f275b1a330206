"""TeX to Unicode, for display."""

from __future__ import annotations

from paperreader.text.characters import clean


def readable(text: str) -> str:
    """`text` for display: TeX as Unicode where that is certain, cleaned. Never raises."""
    return clean(text)

"""Numbers of things, for messages."""

from __future__ import annotations


def format_count(count: int, noun: str) -> str:
    """Return `1 paper`, `1,234 papers`: a number and a noun whose plural ends in `s`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

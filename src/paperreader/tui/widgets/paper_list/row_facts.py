"""What rows show that neither the table nor the marks have."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field


class RowFacts(Struct):
    """What is known about papers apart from the library and the marks. Changed in place, and then painted again."""

    levels: bytes = b""
    """How well the paper of each row fits the user, from 0 to 3; rows beyond the end are not rated."""
    citations: Mapping[int, int] = field(default_factory=dict)
    """How often papers are cited, by row, as far as that was looked up."""
    find_newer: Callable[[int], str] | None = None
    """Returns `v3 since 12 Nov` if the paper of a row has a newer version than the user has seen, else ""."""
    find_watched: Callable[[int], tuple[str, ...]] | None = None
    """Returns what of the watch list the paper of a row has; None if no paper has anything."""

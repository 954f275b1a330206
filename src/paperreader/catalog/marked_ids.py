"""The ids in the notebook, which the catalog has to know when it splits or joins papers."""

from __future__ import annotations

from collections.abc import Callable, Container

from msgspec import Struct, field


def _nothing_marked() -> Container[str]:
    return frozenset()


class MarkedIds(Struct):
    """Which ids are marked, and which marks have to move to another id."""

    current: Callable[[], Container[str]] = _nothing_marked
    """Returns the ids in the notebook."""
    moved: dict[str, str] = field(default_factory=dict)
    """Ids whose marks belong to another paper since a write, and the ids of those papers. The code that moves the marks
    clears it.
    """

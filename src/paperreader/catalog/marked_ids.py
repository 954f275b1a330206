"""The ids in the notebook, which the catalog has to know when it splits or joins papers."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from msgspec import Struct


def _nothing_marked() -> Container[str]:
    return frozenset()


def _move_nothing(_: Mapping[str, str]) -> None:
    """Used where nothing is marked, and so nothing has to move."""


class MarkedIds(Struct, frozen=True):
    """Which ids are marked, and how to move marks to another id."""

    current: Callable[[], Container[str]] = _nothing_marked
    """Returns the ids in the notebook."""
    move: Callable[[Mapping[str, str]], None] = _move_nothing
    """Moves the marks of ids to those of other papers, durably. Called before these papers are written: if the program
    is killed in between, the marks are still shown with the paper that has their title.
    """

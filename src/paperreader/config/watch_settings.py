"""The settings of the watch list, see `settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

if TYPE_CHECKING:
    from paperreader.config.list_types import WatchEntries


class Watch(Struct, frozen=True):
    """What is watched: papers that have one of these are marked with it, and are found by `is:watched`."""

    authors: Annotated[tuple[str, ...], WatchEntries("authors"), "authors whose papers are watched"] = ()
    words: Annotated[
        tuple[str, ...],
        WatchEntries("words"),
        "words and phrases, of which papers are watched that have one in title or abstract, in any of its forms",
    ] = ()
    categories: Annotated[
        tuple[str, ...], WatchEntries("categories"), "categories of arXiv whose papers are watched"
    ] = ()
    repositories: Annotated[
        tuple[str, ...],
        WatchEntries("repositories"),
        "owners of repositories, or single repositories, whose papers are watched",
    ] = ()

"""How a path can go on: what a shell would type after `tab`. No widgets; reads folders, so for a worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from paperreader import paths
from paperreader.tui.dialogs.text_prompt import is_name_character


class PathCompletion(NamedTuple):
    """What a typed path goes on to."""

    text: str
    """The path as far as it is certain; what was typed where nothing begins so."""
    names: tuple[str, ...] = ()
    """The names it can go on with, in their order; folders end with a slash."""

    @property
    def is_unique(self) -> bool:
        """Whether there is one name only."""
        return len(self.names) == 1


def complete_path(typed: str) -> PathCompletion:
    """How `typed` goes on, told from the folder it stands in: `~` is the home folder, a relative path begins where
    the reader was started, and hidden files are found only by their dot.

    Names are compared as they are and, where none begins so, without regard to capitals. Names that cannot be typed
    are left out. A folder that cannot be read holds nothing.
    """
    if typed == "~":
        return PathCompletion("~/", ("~/",))
    head, slash, begun = typed.rpartition("/")
    names = _list_names(paths.expand_path(head + slash))
    if not begun.startswith("."):
        names = [name for name in names if not name.startswith(".")]
    found = [name for name in names if name.startswith(begun)]
    found = found or [name for name in names if name.casefold().startswith(begun.casefold())]
    if not found:
        return PathCompletion(typed)
    common = os.path.commonprefix(found)  # noqa: RUF071 - by characters: these are no paths
    return PathCompletion(head + slash + max(common, begun, key=len), tuple(found))


def _list_names(folder: Path) -> list[str]:
    """What stands in a folder, sorted; folders with a slash."""
    try:
        with os.scandir(folder) as entries:
            found = [f"{entry.name}/" if _is_folder(entry) else entry.name for entry in entries]
    except (OSError, ValueError):  # ValueError: a null character
        return []
    return sorted(name for name in found if all(map(is_name_character, name)) and name == name.strip())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False

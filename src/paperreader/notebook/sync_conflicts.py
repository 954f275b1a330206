"""Merge the conflict copies of the notebook mark by mark, report them, and rename them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from paperreader import sync_copies
from paperreader.errors import StorageError
from paperreader.models import Mark
from paperreader.notebook import file_reader
from paperreader.notebook.format import VERSION, NotebookDamaged, parse_notebook
from paperreader.notebook.notebook_merge import merge_message
from paperreader.notebook.recovery import recover_marks
from paperreader.notebook.verify import newer_version_message

MergeMarks = Callable[[Mapping[str, Mark]], tuple[int, int]]
"""Merges and saves marks of another notebook. Returns how many changed, and how many notes hold two texts now."""


class NotebookConflicts:
    """The conflict copies of one notebook, as file synchronization programs leave them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._skipped: dict[Path, file_reader.FileSignature | None] = {}
        """Copies that cannot be merged and were reported."""

    def merge_all(self, merge: MergeMarks) -> list[str]:
        """Merge every copy and rename it. Return a message for each; one that cannot be merged is reported once.

        Raises:
            StorageError: the folder cannot be listed.
        """
        messages = (self._merge_or_skip(copy, merge) for copy in sync_copies.conflict_copies(self._path))
        return [message for message in messages if message]

    def _merge_or_skip(self, copy: Path, merge: MergeMarks) -> str:
        signature = None
        try:
            data, signature = file_reader.read_file(copy)
            if self._skipped.get(copy) == signature:
                return ""
            return self._merge_copy(copy, data, merge)
        except FileNotFoundError:
            return ""  # another process has just renamed it
        except StorageError as error:
            if copy in self._skipped and self._skipped[copy] == signature:
                return ""
            self._skipped[copy] = signature
            return f"{copy.name} cannot be merged into the notebook: {error}"

    def _merge_copy(self, copy: Path, data: bytes, merge: MergeMarks) -> str:
        try:
            contents = parse_notebook(data)
        except NotebookDamaged:
            if sync_copies.recently_written(copy):
                return ""  # another program may be writing it; the next call finds out
            marks = recover_marks(data)
            if data and not marks:
                raise StorageError("it contains no readable mark.") from None
        else:
            if contents.version > VERSION:
                raise StorageError(f"{newer_version_message(contents.version)}.")
            marks = dict(contents.marks)
        result = merge_message(*merge(marks))
        renamed = sync_copies.quarantine_merged_copy(copy)
        return f"{copy.name} was merged into the notebook: {result}. It was renamed to {renamed.name}."

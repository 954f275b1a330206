"""Conflict copies of the notebook: taken in mark by mark, told of, and set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from paperreader import sync_copies
from paperreader.errors import StorageError
from paperreader.models import Mark
from paperreader.notebook import file_io, notebook_merge, verify
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookDamaged

MergeMarks = Callable[[Mapping[str, Mark]], tuple[int, int]]
"""Saves marks of another notebook: how many came from it, and how many notes are kept twice since."""


class NotebookConflicts:
    """The conflict copies of one notebook, as programs that keep folders in step leave them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._skipped: dict[Path, file_io.FileSignature | None] = {}
        """Those that cannot be taken in and were told of."""

    def merge_all(self, merge: MergeMarks) -> list[str]:
        """Merge every copy and set it aside; a sentence for each, once also for those that have to stay.

        Raises:
            StorageError: the folder cannot be listed.
        """
        told = (self._merge_or_skip(copy, merge) for copy in sync_copies.conflict_copies(self._path))
        return [sentence for sentence in told if sentence]

    def _merge_or_skip(self, copy: Path, merge: MergeMarks) -> str:
        signature = None
        try:
            data, signature = file_io.read_file(copy)
            if self._skipped.get(copy) == signature:
                return ""
            return self._merge_copy(copy, data, merge)
        except FileNotFoundError:
            return ""  # another process has just set it aside
        except StorageError as error:
            if copy in self._skipped and self._skipped[copy] == signature:
                return ""
            self._skipped[copy] = signature
            return f"{copy.name} cannot be merged into the notebook: {error}"

    def _merge_copy(self, copy: Path, data: bytes, merge: MergeMarks) -> str:
        try:
            contents = notebook_format.parse_notebook(data)
        except NotebookDamaged:
            if file_io.recently_written(copy):
                return ""  # somebody may be writing it at this moment; the next look tells
            marks = notebook_format.recover_marks(data)
            if data and not marks:
                raise StorageError("nothing in it can be read.") from None
        else:
            if contents.version > notebook_format.VERSION:
                raise StorageError(f"{verify.newer_version_message(contents.version)}.")
            marks = dict(contents.marks)
        came = notebook_merge.merge_message(*merge(marks))
        aside = sync_copies.quarantine_merged_copy(copy)
        return f"{copy.name} was merged into the notebook: {came}. It is called {aside.name} now."

"""The folder of PDFs: which file belongs to a paper, and new files, which never replace another one."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from paperreader import paths, storage
from paperreader.config.settings import Pdf
from paperreader.errors import StorageError
from paperreader.fetch.pdf.names import candidate_names, names_the_paper
from paperreader.library import Library
from paperreader.models import Paper

STATE_KEY = "pdf_files"
"""The key of the local state for the paths of downloaded files, by the id of the paper."""

_SIGNATURE = b"%PDF-"
_PART_PREFIX, _PART_SUFFIX = ".paperreader-", ".part"
_LEFTOVER_SECONDS = 24 * 3600.0
"""An incomplete file that is older belongs to a process that was killed."""


class PdfFiles:
    """The PDFs of the papers of a library, in the folder of the settings."""

    def __init__(self, library: Library, settings: Pdf) -> None:
        self._library, self._settings = library, settings

    @property
    def folder(self) -> Path:
        """The folder, which may not exist."""
        return paths.expand_path(self._settings.folder).absolute()

    def find(self, paper: Paper) -> Path | None:
        """Return the PDF of a paper: the recorded file, else one whose name contains the id; None if there is none."""
        recorded = self._library.state.get(STATE_KEY)
        if isinstance(recorded, dict):
            for id in (paper.id, *paper.aliases):
                path = recorded.get(id)
                if isinstance(path, str) and path and is_pdf(Path(path)):
                    return Path(path)
        for name in islice(candidate_names(paper, self._settings.name), 2):
            if names_the_paper(name, paper) and is_pdf(self.folder / name):
                return self.folder / name
        return None

    def create(self, paper: Paper, write: Callable[[BinaryIO], None]) -> Path:
        """Create the file of a paper with what `write` writes, and return its path.

        It appears under its name when it is complete. A file that is there already is never replaced.

        Raises:
            StorageError: it cannot be written.
        """
        for path in self._free_paths(paper):
            self._library.exports.check_destination(path)
            if _create_file(path, write):
                self._record(paper, path)
                return path
        raise StorageError(f"Too many other files in {self.folder} have the name of this paper.")

    def _free_paths(self, paper: Paper) -> Iterator[Path]:
        for name in candidate_names(paper, self._settings.name):
            path = self.folder / name
            if not os.path.lexists(path):
                yield path

    def _record(self, paper: Paper, path: Path) -> None:
        def change(recorded: object) -> dict[str, str]:
            known = recorded if isinstance(recorded, dict) else {}
            return {**known, paper.id: str(path)}

        self._library.state.update(STATE_KEY, change)


def is_pdf(path: Path) -> bool:
    """Return whether there is an ordinary file that begins like a PDF (ISO 32000-1, section 7.5.2)."""
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except (OSError, ValueError):  # ValueError: a null character
        return False


def _create_file(path: Path, write: Callable[[BinaryIO], None]) -> bool:
    """Write a new file under a temporary name, and rename it. Return False if `path` exists by then."""
    is_new_folder = not path.parent.exists()
    storage.ensure_folder(path.parent)
    _remove_leftovers(path.parent)
    try:
        descriptor, name = tempfile.mkstemp(prefix=_PART_PREFIX, suffix=_PART_SUFFIX, dir=path.parent)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {storage.os_error_message(error)}.") from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
        temporary.chmod(storage.new_file_mode())
        return _rename_to_new(temporary, path)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {storage.os_error_message(error)}.") from error
    finally:
        with suppress(OSError):  # renamed
            temporary.unlink()
        if is_new_folder:
            with suppress(OSError):  # it contains the file
                path.parent.rmdir()


def _rename_to_new(temporary: Path, path: Path) -> bool:
    """Rename a file unless there is one of that name, and return whether that was done."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # the file system has no hard links
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        temporary.replace(path)
    return True


def _remove_leftovers(folder: Path) -> None:
    for file in folder.glob(f"{_PART_PREFIX}*{_PART_SUFFIX}"):
        with suppress(OSError):  # removed by another process
            if time.time() - file.stat().st_mtime > _LEFTOVER_SECONDS:
                file.unlink()

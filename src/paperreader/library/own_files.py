"""The files of this program, which no export, digest or other output may replace."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from paperreader import config, paths, storage, subscriptions
from paperreader.catalog import PAPERS_FILE_NAME
from paperreader.catalog.journal.format import CATALOG_LOCK_NAME
from paperreader.catalog.quarantine import QUARANTINE_FILE_NAME
from paperreader.errors import UsageError
from paperreader.notebook import NOTEBOOK_FILE_NAME, NOTEBOOK_LOCK_NAME
from paperreader.sync_copies import is_conflict_copy

_STORES = (PAPERS_FILE_NAME, NOTEBOOK_FILE_NAME)
_OTHER_NAMES = frozenset({QUARANTINE_FILE_NAME, CATALOG_LOCK_NAME, NOTEBOOK_LOCK_NAME})
_STATE_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|paperreader\.log|arxiv(?:-pages)?\..*")
"""What is in the platform's state folder, which may be the data folder as well."""
_FILE_BEGINNING = re.compile(
    rb'\s*\{\s*"(?:paperreader"\s*:\s*\d+\s*,\s*"library"|version"\s*:\s*\d+\s*,[^{}]*"papers"\s*:\s*\{)'
)
"""How `papers.jsonl` and `notebook.json` of any library begin. Exports begin differently."""

_FileId = tuple[int, int]
"""Device and inode."""


def check_output_path(path: Path, library_folder: Path) -> None:
    """Check that a path leads to no file of this program: by its name, through links, or in another spelling.

    Raises:
        UsageError: it does.
    """
    target = Path(os.path.realpath(path))
    if _has_own_name(target, library_folder) or _is_own_file(target, library_folder):
        raise UsageError(f"{path} is a file of paperreader itself; choose another file for the output.")


def check_output_descriptor(descriptor: int, library_folder: Path) -> None:
    """Check that an open file, such as a redirected standard output, is no file of this program.

    Raises:
        UsageError: it is one.
    """
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) in _own_file_ids(library_folder):
        raise UsageError("The output is redirected to a file of paperreader itself; choose another file.")


def _has_own_name(target: Path, library_folder: Path) -> bool:
    """Return whether this program would create or read a file at that path, even if there is none yet."""
    cache, state = (
        Path(os.path.realpath(folder)) for folder in (paths.cache_folder(""), paths.shared_state_folder())
    )
    texts = Path(os.path.realpath(paths.full_texts_folder()))
    if target.is_relative_to(cache) or target.is_relative_to(texts):
        return True
    if target.is_relative_to(state) and _STATE_NAME.fullmatch(target.relative_to(state).parts[0]):
        return True
    if str(target).casefold() in {os.path.realpath(file).casefold() for file in _named_files(library_folder)}:
        return True
    if not any(map(_is_store_name, {target.name, target.name.casefold()})):
        return False
    if os.path.lexists(target.parent / PAPERS_FILE_NAME):  # any library
        return True
    return any(_is_same_folder(target.parent, folder) for folder in _library_folders(library_folder))


def _is_store_name(name: str) -> bool:
    """Return whether a file of that name in a library folder is a store, a backup or another copy of one."""
    return name in _OTHER_NAMES or any(
        name == store or name.startswith((f"{store}.", f".{store}.")) or is_conflict_copy(name, Path(store))
        for store in _STORES
    )


def _is_own_file(target: Path, library_folder: Path) -> bool:
    """Return whether an existing file is one of this program, under whatever name."""
    try:
        status = target.stat()
        if not target.is_file():
            return False
        with os.fdopen(storage.open_regular_file(target), "rb") as file:
            if _FILE_BEGINNING.match(file.read(4096)):
                return True
    except OSError:
        return False  # it does not exist, or writing it will fail
    return (status.st_dev, status.st_ino) in _own_file_ids(library_folder)


def _own_file_ids(library_folder: Path) -> set[_FileId]:
    ids: set[_FileId] = set()
    for file in _existing_files(library_folder):
        with suppress(OSError):  # removed in the meantime
            status = file.stat()
            ids.add((status.st_dev, status.st_ino))
    return ids


def _existing_files(library_folder: Path) -> Iterator[Path]:
    yield from _named_files(library_folder)
    for folder in _library_folders(library_folder):
        with suppress(OSError):
            yield from (file for file in folder.iterdir() if _is_store_name(file.name))
    yield from paths.cache_folder("").rglob("*")
    yield from paths.full_texts_folder().rglob("*")
    state = paths.shared_state_folder()
    for entry in state.glob("*"):
        if _STATE_NAME.fullmatch(entry.name):
            yield from (entry, *entry.rglob("*"))


def _named_files(library_folder: Path) -> tuple[Path, ...]:
    """Return the files with a fixed path, which may be links to other folders."""
    stores = (folder / name for folder in _library_folders(library_folder) for name in _STORES)
    return (*stores, config.settings_file(), subscriptions.file_path(), paths.log_file())


def _library_folders(library_folder: Path) -> tuple[Path, ...]:
    return (library_folder, paths.library_folder(), paths.sample_library_folder())


def _is_same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)

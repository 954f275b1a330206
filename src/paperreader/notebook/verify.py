"""What is wrong with the notebook's files on disk, beside the notebook itself."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from paperreader import storage, sync_copies
from paperreader.errors import StorageError
from paperreader.models import Problem
from paperreader.notebook import file_io, notebook_merge
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookContents, NotebookDamaged


def verify_notebook(path: Path) -> list[Problem]:
    """What is wrong with the notebook at `path`, its backups and its conflict copies. Changes nothing."""
    problems: list[Problem] = []
    try:
        others = [*storage.list_backups(path), *sync_copies.conflict_copies(path)]
    except StorageError as error:
        return [Problem(path.name, None, str(error))]
    for file in (path, *others):
        try:
            contents = notebook_format.parse_notebook(file_io.read_file(file)[0])
        except FileNotFoundError:
            if file == path and storage.list_backups(path):
                problems.append(Problem(path.name, None, "it is missing, and there are backups of it"))
        except NotebookDamaged as error:
            problems.append(Problem(file.name, error.line, f"it is damaged: {error}"))
        except StorageError as error:
            problems.append(Problem(file.name, None, str(error)))
        else:
            if contents.version > notebook_format.VERSION:
                problems.append(Problem(file.name, None, newer_version_message(contents.version)))
    return problems


def remove_bad_backups(path: Path) -> list[str]:
    """Set damaged backups aside, so that they are taken for backups no longer; a sentence for each.

    Raises:
        StorageError: the folder cannot be written.
    """
    done: list[str] = []
    for backup in storage.list_backups(path):
        data = file_io.read_file(backup)[0]
        try:
            notebook_format.parse_notebook(data)
        except NotebookDamaged:
            aside = file_io.quarantine(path, data)
            backup.unlink()
            done.append(f"The backup {backup.name} was damaged; it is called {aside.name} now.")
    return done


def recover_contents(
    path: Path, memory: NotebookContents | None, damaged: bytes
) -> tuple[NotebookContents, str]:
    """The best there is in place of a damaged notebook: what is in memory, else the last good backup, and what could
    still be read; and the sentence part that says so.
    """
    if memory is not None:
        base, came = memory, "the marks in memory stay"
    elif good := file_io.last_good_backup(path):
        base, came = good[1], f"its backup of {file_io.format_modified(good[0])} was restored"
    else:
        base, came = NotebookContents(), "there is no backup of it"
    gained = notebook_merge.marks_to_add(base.marks, notebook_format.recover_marks(damaged))
    rescue = f"{came}, and {len(gained)} marks came from what could still be read" if gained else came
    return notebook_format.with_changed_marks(replace(base, version=notebook_format.VERSION), gained), rescue


def newer_version_message(version: int) -> str:
    """Why a notebook of a newer version is left alone."""
    return f"a newer paperreader wrote the notebook (version {version}); update this one to change it"

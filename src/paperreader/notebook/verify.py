"""What is wrong with the notebook's files on disk, beside the notebook itself."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from paperreader import storage, sync_copies
from paperreader.errors import StorageError
from paperreader.models import Problem
from paperreader.notebook import file_io, notebook_merge
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import Contents, Damaged


def verify(path: Path) -> list[Problem]:
    """What is wrong with the notebook at `path`, its backups and its conflict copies. Changes nothing."""
    problems: list[Problem] = []
    try:
        others = [*storage.backups(path), *sync_copies.conflict_copies(path)]
    except StorageError as error:
        return [Problem(path.name, None, str(error))]
    for file in (path, *others):
        try:
            contents = notebook_format.parse(file_io.read(file)[0])
        except FileNotFoundError:
            if file == path and storage.backups(path):
                problems.append(Problem(path.name, None, "it is missing, and there are backups of it"))
        except Damaged as error:
            problems.append(Problem(file.name, error.line, f"it is damaged: {error}"))
        except StorageError as error:
            problems.append(Problem(file.name, None, str(error)))
        else:
            if contents.version > notebook_format.VERSION:
                problems.append(Problem(file.name, None, newer(contents.version)))
    return problems


def drop_bad_backups(path: Path) -> list[str]:
    """Set damaged backups aside, so that they are taken for backups no longer; a sentence for each.

    Raises:
        StorageError: the folder cannot be written.
    """
    done: list[str] = []
    for backup in storage.backups(path):
        data = file_io.read(backup)[0]
        try:
            notebook_format.parse(data)
        except Damaged:
            aside = file_io.set_aside(path, data)
            backup.unlink()
            done.append(f"The backup {backup.name} was damaged; it is called {aside.name} now.")
    return done


def rescued(path: Path, memory: Contents | None, damaged: bytes) -> tuple[Contents, str]:
    """The best there is in place of a damaged notebook: what is in memory, else the last good backup, and what could
    still be read; and the sentence part that says so.
    """
    if memory is not None:
        base, came = memory, "the marks in memory stay"
    elif good := file_io.last_good_backup(path):
        base, came = good[1], f"its backup of {file_io.day_and_time(good[0])} was restored"
    else:
        base, came = Contents(), "there is no backup of it"
    gained = notebook_merge.additions(base.marks, notebook_format.salvage(damaged))
    rescue = f"{came}, and {len(gained)} marks came from what could still be read" if gained else came
    return notebook_format.with_marks(replace(base, version=notebook_format.VERSION), gained), rescue


def newer(version: int) -> str:
    """Why a notebook of a newer version is left alone."""
    return f"a newer paperreader wrote the notebook (version {version}); update this one to change it"

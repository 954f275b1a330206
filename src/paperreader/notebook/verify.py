"""Check and repair the notebook's files on disk."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from paperreader import sync_copies
from paperreader.errors import StorageError
from paperreader.models import Problem
from paperreader.notebook import backup_rotation, file_reader
from paperreader.notebook.format import (
    VERSION,
    NotebookContents,
    NotebookDamaged,
    parse_notebook,
    with_changed_marks,
)
from paperreader.notebook.notebook_merge import marks_to_add
from paperreader.notebook.recovery import recover_marks


def verify_notebook(path: Path) -> list[Problem]:
    """Return what is wrong with the notebook at `path`, its backups and its conflict copies. Changes nothing."""
    problems: list[Problem] = []
    try:
        others = [*backup_rotation.list_backups(path), *sync_copies.conflict_copies(path)]
    except StorageError as error:
        return [Problem(path.name, None, str(error))]
    for file in (path, *others):
        try:
            contents = parse_notebook(file_reader.read_file(file)[0])
        except FileNotFoundError:
            if file == path and backup_rotation.list_backups(path):
                message = "it is missing; `paperreader check --repair` restores it from a backup"
                problems.append(Problem(path.name, None, message))
        except NotebookDamaged as error:
            problems.append(Problem(file.name, error.line, f"it is damaged: {error}"))
        except StorageError as error:
            problems.append(Problem(file.name, None, str(error)))
        else:
            if contents.version > VERSION:
                problems.append(Problem(file.name, None, newer_version_message(contents.version)))
    return problems


def quarantine_bad_backups(path: Path) -> list[str]:
    """Rename damaged backups, so that they no longer count as backups. Return a message for each.

    Raises:
        StorageError: the folder cannot be written.
    """
    messages: list[str] = []
    for backup in backup_rotation.list_backups(path):
        data = file_reader.read_file(backup)[0]
        try:
            parse_notebook(data)
        except NotebookDamaged:
            copy = file_reader.quarantine(path, data)
            backup.unlink()
            messages.append(f"The backup {backup.name} was damaged. It was renamed to {copy.name}.")
    return messages


def recover_contents(
    path: Path, memory: NotebookContents | None, damaged: bytes
) -> tuple[NotebookContents, str]:
    """Recover as much as possible of a damaged notebook.

    Starts from the marks in memory, else from the last good backup, and adds what can still be parsed of the file.

    Returns the contents, and a clause for the warning that says where they come from.
    """
    if memory is not None:
        base, origin = memory, "the marks in memory were saved"
    elif good := file_reader.last_good_backup(path):
        base, origin = good[1], f"its backup of {file_reader.format_modified(good[0])} was restored"
    else:
        base, origin = NotebookContents(), "it has no backup"
    recovered = marks_to_add(base.marks, recover_marks(damaged))
    if recovered:
        origin = f"{origin}, and {len(recovered)} marks were recovered from the damaged file"
    return with_changed_marks(replace(base, version=VERSION), recovered), origin


def newer_version_message(version: int) -> str:
    """Return why a notebook of a newer version is not changed, as a clause."""
    return f"a newer paperreader wrote the notebook (version {version}); update this one to change it"

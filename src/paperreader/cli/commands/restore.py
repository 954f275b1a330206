"""`restore`: marks back from a backup of the notebook."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import Backup, Library


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "restore",
        "bring bookmarks, notes and tags back from a backup",
        examples=[
            "paperreader restore                  list the backups",
            "paperreader restore 2                the second newest",
            "paperreader restore ~/old/notebook.json",
        ],
    )
    parser.add_argument(
        "backup", metavar="N|FILE", nargs="?", help="a number of the list, or any notebook file"
    )
    parser.add_argument("--list", action="store_true", help="list the backups, newest first")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore a backup, or list them where none is named."""
    if arguments.list and arguments.backup is not None:
        raise UsageError("Say which backup, or --list, not both.")
    with opened_library(arguments) as library:
        if arguments.backup is None:
            _list(library)
            return exit_codes.SUCCESS
        changed = library.maintenance.restore(arguments.backup)
    if changed:
        output.print_line(
            f"Restored: {output.format_paper_count(changed)} changed; `paperreader restore 1` undoes it."
        )
    else:
        output.print_line("Nothing to restore: the notebook says all of that already.")
    return exit_codes.SUCCESS


def _list(library: Library) -> None:
    backups = library.maintenance.backups()
    for backup in backups:
        output.print_line(
            f"{backup.number:>2}  {backup.modified}  ", _content(backup), ("  " + backup.name, "faint")
        )
    if not backups:
        output.print_line("There are no backups yet; the first is made with the second change.")


def _content(backup: Backup) -> str:
    if backup.error:
        return backup.error
    return f"{output.format_paper_count(backup.marks)} marked, {backup.notes:,} with a note"

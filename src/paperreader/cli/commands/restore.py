"""`restore`: restore marks from a backup of the notebook."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Backup, Library


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "restore",
        "restore bookmarks, notes and tags from a backup",
        examples=[
            "paperreader restore                  list the backups",
            "paperreader restore 2                restore the second newest",
            "paperreader restore ~/old/notebook.json",
        ],
    )
    parser.add_argument(
        "backup", metavar="N|FILE", nargs="?", help="a number in the list, or any notebook file"
    )
    parser.add_argument("--list", action="store_true", help="list the backups, newest first")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore a backup, or list the backups if none is given."""
    if arguments.list and arguments.backup is not None:
        raise UsageError("A backup and --list cannot be combined.")
    with opened_library(arguments) as library:
        if arguments.backup is None:
            _list(library)
            return exit_codes.SUCCESS
        changed = library.maintenance.restore(arguments.backup)
    if changed:
        output.print_line(
            f"Restored the marks of {output.format_paper_count(changed)}. Undo with `paperreader restore 1`."
        )
    else:
        output.print_line("Nothing to restore: the notebook already has the same content.")
    return exit_codes.SUCCESS


def _list(library: Library) -> None:
    backups = library.maintenance.backups()
    for backup in backups:
        output.print_line(
            f"{backup.number:>2}  {backup.modified}  ", _content(backup), ("  " + backup.name, "muted")
        )
    if not backups:
        output.print_line("No backups yet. The second change creates the first one.")


def _content(backup: Backup) -> str:
    if backup.error:
        return backup.error
    return f"{output.format_paper_count(backup.marks)} marked, {backup.notes:,} with a note"

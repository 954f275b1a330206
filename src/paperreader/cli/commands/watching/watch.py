"""`watch`: the watch list of the settings, and how many papers each entry has."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library
    from paperreader.text.query.watched import WatchKind

_OPTIONS: dict[str, tuple[WatchKind, str, str]] = {
    "--author": ("authors", "NAME", "an author, as for author: in a search"),
    "--words": (
        "words",
        "PHRASE",
        "words next to each other in a title or an abstract, in any of their forms",
    ),
    "--category": ("categories", "CATEGORY", "a category of arXiv, such as cs.CL"),
    "--repository": ("repositories", "REPO", "an owner, owner/name or URL"),
}


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "watch",
        "list what is watched with the number of papers; watch authors, words, categories, repositories",
        examples=[
            "paperreader watch",
            "paperreader watch --author 'Yann LeCun' --words 'world models'",
            "paperreader watch --repository facebookresearch --category cs.CL",
            "paperreader watch --remove --author 'Yann LeCun'",
            "paperreader search is:watched is:new",
        ],
    )
    for option, (kind, metavar, help) in _OPTIONS.items():
        parser.add_argument(
            option, dest=kind, metavar=metavar, action="append", default=[], help=f"{help} (repeatable)"
        )
    parser.add_argument("--remove", action="store_true", help="stop watching the given ones")
    parser.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Change the watch list, or print it.

    Raises:
        UsageError: `--remove` was given alone, or an entry is invalid or watched already.
    """
    given: list[tuple[WatchKind, str]] = [
        (kind, text) for kind, _, _ in _OPTIONS.values() for text in getattr(arguments, kind)
    ]
    if given:
        _change(given, is_removal=arguments.remove)
        return exit_codes.SUCCESS
    if arguments.remove:
        raise UsageError("--remove needs what to stop watching, such as --author 'Yann LeCun'.")
    _report_problems()
    with opened_library(arguments) as library:
        if not library.watch_list.entries:
            output.print_error("Nothing is watched yet. Use `paperreader watch --author NAME`, for example.")
            return exit_codes.SUCCESS
        ensure_index_current(library)
        _print(library, as_json=arguments.json)
    return exit_codes.SUCCESS


def _change(given: Sequence[tuple[WatchKind, str]], *, is_removal: bool) -> None:
    from paperreader.config.edits import add_watched, remove_watched
    from paperreader.text.query.watched import WATCH_NAMES

    change, message = (remove_watched, "Not watched any more") if is_removal else (add_watched, "Watched")
    for kind, text in given:
        try:
            entry = change(kind, text)
        except UsageError as error:
            message = str(error)
            raise UsageError(f"{text}: {message}" if text not in message else message) from error
        output.print_line(f"{message}: {WATCH_NAMES[kind]} ", (entry, "bold"))


def _report_problems() -> None:
    """Print which entries of the settings are invalid, and left out."""
    from paperreader import config

    loaded = config.read_settings()
    for problem in loaded.problems:
        output.print_error(problem)


def _print(library: Library, *, as_json: bool) -> None:
    from paperreader.text.query.watched import WATCH_NAMES

    new, marks = frozenset(library.view("new")), library.marks
    for entry, found in library.watch_list.papers(library.table).by_entry.items():
        rows = found - library.unlisted
        read = sum(marks[row].is_read for row in marks.keys() & rows)
        numbers = {"all": len(rows), "new": len(rows & new), "unread": len(rows) - read}
        label = WATCH_NAMES[entry.kind]
        if as_json:
            output.print_json({"kind": label, "name": entry.name, "query": entry.query, **numbers})
            continue
        text = f"{numbers['all']:>7,} {numbers['new']:>6,} new {numbers['unread']:>6,} unread  "
        output.print_line(text, (f"{label:<10}  ", "muted"), (entry.name, "bold"))

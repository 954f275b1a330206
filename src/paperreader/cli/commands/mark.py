"""`mark`: bookmarks, read marks, notes and tags; papers that are dismissed or hidden."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_ids
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library
    from paperreader.models import MarkChange

_SWITCHES = {
    ("read", "unread", "read"): ("mark as read", "mark as unread"),
    ("dismiss", "no-dismiss", "dismissed"): ("remove from the new papers, but not as read", "undo that"),
    ("hide", "no-hide", "hidden"): ("remove from all views and exports, except is:hidden", "undo that"),
    ("dislike", "no-dislike", "disliked"): (
        "less of this: papers like it come later in sort:foryou",
        "undo that",
    ),
}
"""Option that sets a mark, option that removes it, and name of the mark; and the help of both options."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "mark",
        "bookmark papers, mark them as read, write notes and tags, hide them",
        examples=[
            "paperreader mark 2510.02297 --bookmark --tag training",
            'paperreader mark 2510.02297 --note "Try the schedule on our own runs."',
            "paperreader mark 2510.02297 --hide",
            "paperreader mark 2510.02297 --queue-first",
            "paperreader search 'has:code date:7d' | paperreader mark - --bookmark",
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="+", help=IDS_HELP)
    _add_switch(parser, "bookmark", "no-bookmark", "bookmark", "add a bookmark", "remove the bookmark")
    group = parser.add_mutually_exclusive_group()
    for place in ("first", "last"):
        group.add_argument(
            f"--queue-{place}",
            dest="queue",
            action="store_const",
            const=place,
            help=f"bookmark, {place} in the reading queue (sort:queue)",
        )
    parser.add_argument("--note", metavar="TEXT", help="replace the note; an empty text deletes it")
    parser.add_argument("--tag", metavar="T", action="append", default=[], help="add a tag (repeatable)")
    parser.add_argument("--untag", metavar="T", action="append", default=[], help="remove a tag (repeatable)")
    for names, helps in _SWITCHES.items():
        _add_switch(parser, *names, *helps)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Save the marks. They are on disk when this returns."""
    from msgspec.structs import replace  # with the models, which `--help` does not need

    from paperreader.models import MarkChange

    added, removed = _tags(arguments.tag, True), _tags(arguments.untag, False)
    if conflicts := sorted(set(added) & set(removed)):
        raise UsageError(f"--tag and --untag both name {conflicts[0]}.")
    tags = added | removed
    if arguments.queue is not None and arguments.bookmark is False:
        raise UsageError(f"--no-bookmark and --queue-{arguments.queue} contradict each other.")
    change = MarkChange(
        "",
        bookmark=arguments.bookmark,
        read=arguments.read,
        note=arguments.note,
        tags=tags,
        dismissed=arguments.dismissed,
        hidden=arguments.hidden,
        disliked=arguments.disliked,
    )
    if change == MarkChange("") and arguments.queue is None:
        raise UsageError("Nothing to change; use --bookmark, --note TEXT, --tag T, --read or --hide.")
    ids = read_ids(arguments.ids)
    with opened_library(arguments) as library:
        rows, errors = resolve_ids(library, ids)
        papers = [library.paper(row) for row in rows]
        changes = [replace(change, id=paper.id, title=paper.title) for paper in papers]
        replaced = 0
        if arguments.note is not None:
            notes = (library.mark(library.resolve(paper.id)).note_text for paper in papers)
            replaced = sum(bool(note) and note != arguments.note for note in notes)
        if arguments.queue is not None:
            changes += _queue_changes(library, rows, at_start=arguments.queue == "first")
        library.save_and_apply(changes)
    message = f"Marked {output.format_paper_count(len(papers))}."
    if replaced:
        verb = "Replaced" if arguments.note else "Deleted"
        notes_label = "an earlier note" if replaced == 1 else f"{replaced:,} earlier notes"
        message += f" {verb} {notes_label}; undo with `paperreader restore 1`."
    output.print_line(message)
    for error in errors:
        output.print_error(error)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


def _queue_changes(library: Library, rows: list[int], *, at_start: bool) -> list[MarkChange]:
    """Return the changes that put papers at the start or the end of the reading queue, in the given order."""
    from paperreader.library import queue_changes, queue_order

    others = [row for row in queue_order(library) if row not in rows]
    order = [*rows, *others] if at_start else [*others, *rows]
    return queue_changes(library, order, 0 if at_start else len(others), len(rows))


def _add_switch(
    parser: argparse.ArgumentParser, on: str, off: str, name: str, on_help: str, off_help: str
) -> None:
    """Add two exclusive options that set `name` to True and False. Without either it is None."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(f"--{on}", dest=name, action="store_const", const=True, help=on_help)
    group.add_argument(f"--{off}", dest=name, action="store_const", const=False, help=off_help)


def _tags(arguments: Iterable[str], on: bool) -> dict[str, bool]:
    names = [text.strip().removeprefix("#").strip() for text in arguments]
    if not all(names):
        raise UsageError("A tag cannot be empty.")
    return dict.fromkeys(names, on)

"""`mark`: bookmarks, read marks, notes and tags; papers that are dismissed or hidden."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_ids
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library
    from paperreader.models import MarkChange, Paper

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
            "paperreader mark 2510.02297 --delete-summary all",
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
    parser.add_argument(
        "--delete-summary",
        metavar="COMMAND",
        action="append",
        default=[],
        help="delete the summary that a command of yours generated, or with `all` those of all commands",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Save the marks. They are on disk when this returns."""
    from msgspec.structs import replace  # with the models, which `--help` does not need

    from paperreader.models import MarkChange

    change = _change_of(arguments)
    ids = read_ids(arguments.ids)
    with opened_library(arguments) as library:
        rows, errors = resolve_ids(library, ids)
        papers = [library.paper(row) for row in rows]
        changes = [
            replace(change, id=paper.id, title=paper.title) for paper in papers if change != MarkChange("")
        ]
        replaced = _count_replaced_notes(library, rows, arguments.note)
        if arguments.queue is not None:
            changes += _queue_changes(library, rows, at_start=arguments.queue == "first")
        deletions, missing = _summary_deletions(library, papers, arguments.delete_summary)
        library.save_and_apply([*changes, *deletions])
    count = len(papers) if changes else len(deletions)
    lost = _describe_lost(replaced, sum(len(each.summaries) for each in deletions), bool(arguments.note))
    if count:
        output.print_line(f"Marked {output.format_paper_count(count)}.{lost}")
    for error in errors + missing:
        output.print_error(error)
    return exit_codes.FAILURE if errors or missing else exit_codes.SUCCESS


def _change_of(arguments: argparse.Namespace) -> MarkChange:
    """Return the change of each paper, without the queue and summaries.

    Raises:
        UsageError: nothing is to be changed, or options contradict each other.
    """
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
    if change == MarkChange("") and arguments.queue is None and not arguments.delete_summary:
        raise UsageError("Nothing to change; use --bookmark, --note TEXT, --tag T, --read or --hide.")
    return change


def _count_replaced_notes(library: Library, rows: Sequence[int], note: str | None) -> int:
    """Return how many papers have another note than the one that they get; 0 if they get none."""
    if note is None:
        return 0
    return sum(bool(before := library.mark(row).note_text) and before != note for row in rows)


def _describe_lost(notes: int, summaries: int, has_note: bool) -> str:
    """Return which texts are not there any more, and how to get them back; empty if there are none."""
    parts = []
    if notes:
        label = "an earlier note" if notes == 1 else f"{notes:,} earlier notes"
        parts.append(f"{'Replaced' if has_note else 'Deleted'} {label}")
    if summaries:
        parts.append(f"Deleted {'a summary' if summaries == 1 else f'{summaries:,} summaries'}")
    return f" {'. '.join(parts)}; undo with `paperreader restore 1`." if parts else ""


def _summary_deletions(
    library: Library, papers: Sequence[Paper], commands: Sequence[str]
) -> tuple[list[MarkChange], list[str]]:
    """Return the changes that delete summaries, and a sentence about each paper that has none of these commands."""
    from paperreader.models import MarkChange

    changes, missing = [], []
    for paper in papers if commands else ():
        generated = library.mark(library.resolve(paper.id)).generated
        names = [name for name in generated if name in commands or "all" in commands]
        if names:
            changes.append(MarkChange(paper.id, title=paper.title, summaries=dict.fromkeys(names)))
        else:
            by = "" if "all" in commands else f" by {' or '.join(commands)}"
            missing.append(f"{paper.id} has no generated summary{by}.")
    return changes, missing


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

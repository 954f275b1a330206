"""`inbox`: how many papers are new, and what the rules hide; dismiss all new papers, and undo that."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_HELP, add_command
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import PaperreaderError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "inbox",
        "count the new papers and what your rules hide; dismiss all new papers",
        examples=[
            "paperreader inbox",
            "paperreader search is:new",
            "paperreader inbox --dismiss",
        ],
    )
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument("--dismiss", action="store_true", help="dismiss all new papers; they stay unread")
    actions.add_argument(
        "--undo", action="store_true", help="make the papers new again that were dismissed last"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the counts, after the change that was asked for."""
    with opened_library(arguments) as library:
        if library.inbox.rules.queries:
            ensure_index_current(library, *library.inbox.rules.queries)
        if arguments.undo:
            message = _undo(library)
        elif arguments.dismiss:
            message = _dismiss(library)
        else:
            message = ""
        new, hidden = len(library.view("new")), library.inbox.count_hidden_by_rules()
    if arguments.json:
        output.print_json({"new": new, "hidden_by_rules": hidden})
        return exit_codes.SUCCESS
    if message:
        output.print_line(message)
    else:
        output.print_line(f"{output.format_paper_count(new)} new." if new else "Nothing new.")
    for query, count in hidden.items():
        output.print_line(f"{count:>7,} ", ("hidden by ", "muted"), query)
    return exit_codes.SUCCESS


def _dismiss(library: Library) -> str:
    rows = library.view("new")
    if not rows:
        return "Nothing new."
    _set_dismissed(library, rows, True)
    return f"Dismissed {output.format_paper_count(len(rows))}. Undo with `paperreader inbox --undo`."


def _undo(library: Library) -> str:
    rows = library.inbox.last_dismissed()
    if not rows:
        raise PaperreaderError("No paper is dismissed.")
    _set_dismissed(library, rows, False)
    return f"Not dismissed any more: {output.format_paper_count(len(rows))}."


def _set_dismissed(library: Library, rows: Iterable[int], is_dismissed: bool) -> None:
    from paperreader.models import MarkChange

    papers = [library.paper(row) for row in rows]
    library.save_and_apply([MarkChange(paper.id, paper.title, dismissed=is_dismissed) for paper in papers])

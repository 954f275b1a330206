"""`tags`: list the tags with their papers, rename and delete them."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command
from paperreader.cli.library_access import opened_library
from paperreader.errors import NotFound, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "tags",
        "list your tags with counts, rename one, or delete one",
        examples=[
            "paperreader tags",
            "paperreader tags --rename rl reinforcement-learning",
            "paperreader tags --delete todo",
        ],
    )
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument(
        "--rename", metavar="TAG", nargs=2, help="a tag and its new name; an existing name joins both"
    )
    actions.add_argument("--delete", metavar="TAG", help="remove a tag from all papers")
    parser.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the tags, or change one on all papers. What is changed is on disk when this returns."""
    with opened_library(arguments) as library:
        if arguments.rename is not None:
            old, new = map(_tag, arguments.rename)
            if old == new:
                raise UsageError("Both names of the tag are the same.")
            _change(library, old, {old: False, new: True}, f"renamed to {new}")
        elif arguments.delete is not None:
            name = _tag(arguments.delete)
            _change(library, name, {name: False}, "deleted")
        else:
            _list(library, as_json=arguments.json)
    return exit_codes.SUCCESS


def _list(library: Library, *, as_json: bool) -> None:
    counts = Counter(name for mark in library.marks.values() for name in mark.tag_names)
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if as_json:
            output.print_json({"tag": name, "papers": count})
        else:
            output.print_line(f"{count:>7,}  ", (f"#{name}", "user"))
    if not counts:
        output.print_error("No tags yet. `paperreader mark ID --tag NAME` adds one.")


def _change(library: Library, name: str, tags: dict[str, bool], outcome: str) -> None:
    """Change a tag on all papers that have it.

    Raises:
        NotFound: no paper has it.
        StorageError: nothing was saved.
    """
    from paperreader.models import MarkChange

    rows = [row for row, mark in library.marks.items() if name in mark.tag_names]
    if not rows:
        raise NotFound(f"No paper has the tag {name}. `paperreader tags` lists all.")
    papers = [library.paper(row) for row in rows]
    library.save_and_apply([MarkChange(paper.id, paper.title, tags=tags) for paper in papers])
    count = output.format_paper_count(len(papers))
    output.print_line(f"Tag {name} {outcome} on {count}. Undo with `paperreader restore 1`.")


def _tag(text: str) -> str:
    """Return a tag without its sign.

    Raises:
        UsageError: it is empty.
    """
    if not (name := text.strip().removeprefix("#").strip()):
        raise UsageError("A tag cannot be empty.")
    return name

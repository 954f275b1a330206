"""`foryou`: what the personal order has learned, and to forget it."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_HELP, add_command, whole_number
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.errors import NotFound

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Learned, Library

_LABEL_WIDTH = len("more of: ")


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "foryou",
        "show what your personal order has learned from your bookmarks, or forget it",
        examples=[
            "paperreader foryou",
            "paperreader foryou --papers 20",
            "paperreader foryou --tag rl --papers 20",
            "paperreader search 'is:new sort:foryou'",
            "paperreader foryou --reset",
        ],
    )
    parser.add_argument("--tag", metavar="T", default="", help="learn from the papers with this tag instead")
    parser.add_argument(
        "--papers", metavar="N", type=whole_number(1), help="print the N unread papers that fit best instead"
    )
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument(
        "--reset", action="store_true", help="forget what was learned; later marks count, and all marks stay"
    )
    actions.add_argument("--learn-from-all", action="store_true", help="learn from all marks again")
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was learned, or the papers, after the change that was asked for."""
    tag = arguments.tag.strip().removeprefix("#").strip()
    with opened_library(arguments) as library:
        if tag and not any(tag in mark.tag_names for mark in library.marks.values()):
            raise NotFound(f"No paper has the tag {tag}. `paperreader tags` lists all.")
        if arguments.reset:
            library.for_you.reset()
            output.print_line("Forgotten. Marks that you set from now on count.")
            return exit_codes.SUCCESS
        if arguments.learn_from_all:
            library.for_you.learn_from_all()
        if len(library.table):
            ensure_index_current(library)
        if arguments.papers is not None:
            _print_papers(library, tag, arguments.papers, as_json=arguments.json)
            return exit_codes.SUCCESS
        learned = library.for_you.learned(library.table, library.marks, tag)
    if arguments.json:
        output.print_json(
            {
                "liked": len(learned.liked),
                "disliked": len(learned.disliked),
                "more": learned.words,
                "less": learned.unwanted,
                "since": _iso_time(learned.since),
            }
        )
    else:
        _print(learned, tag)
    return exit_codes.SUCCESS


def _print(learned: Learned, tag: str) -> None:
    if learned.since:
        output.print_line(f"Marks since {_iso_time(learned.since)} count; --learn-from-all changes that.")
    if not learned.liked:
        output.print_line("Nothing learned yet: bookmark papers. Until then, they are sorted by votes.")
        return
    which = f"with #{tag}" if tag else "that you bookmarked"
    output.print_line(f"Learned from {output.format_paper_count(len(learned.liked))} {which}.")
    if learned.disliked:
        count = output.format_paper_count(len(learned.disliked))
        output.print_line(f"{count} hidden or with “less of this”.")
    for label, words in (("more of: ", learned.words), ("less of: ", learned.unwanted)):
        if words:
            _print_words(label, words)


def _print_words(label: str, words: tuple[str, ...]) -> None:
    from paperreader.text.cell_width import wrap_cells
    from paperreader.text.sanitize import single_line

    width = min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH) - _LABEL_WIDTH
    for line in wrap_cells(single_line(", ".join(words)), width):
        output.print_line((label, "muted"), line)
        label = " " * _LABEL_WIDTH


def _print_papers(library: Library, tag: str, count: int, *, as_json: bool) -> None:
    from paperreader.cli.commands.search import print_paper, with_short_ids
    from paperreader.json_codec import paper_to_public_json
    from paperreader.library import FOR_YOU, NO_BOOKMARKS

    table, marks = library.table, library.marks
    newest = library.view(FOR_YOU)
    rows = library.for_you.sorted(newest, table, marks, tag)
    if rows is None:
        output.print_error(f"{NO_BOOKMARKS}.")
        rows = sorted(newest, key=lambda row: -(table.votes(row) or 0))
    for row, short_id in with_short_ids(library, rows[:count]):
        paper, mark = library.paper(row), library.mark(row)
        if as_json:
            output.print_json(paper_to_public_json(paper, mark))
        else:
            print_paper(paper, mark, short_id)


def _iso_time(when: int) -> str | None:
    """Return a time in the local zone, to the minute; None for none."""
    return dt.datetime.fromtimestamp(when / 1000).isoformat(" ", "minutes") if when else None

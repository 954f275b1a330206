"""`mark`: bookmarks, read marks, notes and tags from the shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library
from paperreader.errors import Ambiguous, NotFound, UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import Library


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "mark",
        "bookmark papers, note something on them, tag them",
        examples=[
            "paperreader mark 2510.02297 --bookmark --tag training",
            'paperreader mark 2510.02297 --note "Try the schedule on our own runs."',
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="+", help="an id, an arXiv address, or the start of an id")
    _add_switch(parser, "bookmark", "no-bookmark", "bookmark", "set the bookmark", "take it away")
    parser.add_argument("--note", metavar="TEXT", help="replace the note; an empty one deletes it")
    parser.add_argument("--tag", metavar="T", action="append", default=[], help="add a tag (repeatable)")
    parser.add_argument(
        "--untag", metavar="T", action="append", default=[], help="take a tag away (repeatable)"
    )
    _add_switch(parser, "read", "unread", "is_read", "mark as read", "mark as unread")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Save the marks; they are on the disk when this returns."""
    from paperreader.models import MarkChange  # the models, which neither help nor version needs

    tags = _tags(arguments.tag, True) | _tags(arguments.untag, False)
    if clash := sorted(set(_tags(arguments.tag, True)) & set(_tags(arguments.untag, False))):
        raise UsageError(f"--tag and --untag both name {clash[0]}; choose one.")
    if arguments.bookmark is None and arguments.is_read is None and arguments.note is None and not tags:
        raise UsageError("Nothing to mark; say what, with --bookmark, --note TEXT, --tag T or --read.")
    with opened_library(arguments) as library:
        rows, wrong = _resolve(library, arguments.ids)
        papers = [library.paper(row) for row in rows]
        replaced = 0
        if arguments.note is not None:
            notes = (library.mark(library.resolve(paper.id)).note_text for paper in papers)
            replaced = sum(bool(note) and note != arguments.note for note in notes)
        library.save_and_adopt(
            [
                MarkChange(
                    id=paper.id,
                    title=paper.title,
                    bookmark=arguments.bookmark,
                    read=arguments.is_read,
                    note=arguments.note,
                    tags=tags,
                )
                for paper in papers
            ]
        )
    done = f"Marked {output.format_paper_count(len(papers))}"
    if replaced:
        what, back = ("an earlier note", "it") if replaced == 1 else (f"{replaced:,} earlier notes", "them")
        gone = "replaced" if arguments.note else "deleted"
        done += f"; {gone} {what}: `paperreader restore 1` brings {back} back"
    output.print_line(f"{done}.")
    for sentence in wrong:
        output.print_error(sentence)
    return exit_codes.FAILURE if wrong else exit_codes.SUCCESS


def _resolve(library: Library, ids: Sequence[str]) -> tuple[list[int], list[str]]:
    """The rows of the papers that the ids name, and what is wrong with the other ids.

    Raises:
        PaperreaderError: no id names a paper.
    """
    rows: dict[int, None] = {}
    unknown: list[str] = []
    wrong: list[str] = []
    for id in ids:
        try:
            rows[library.resolve(id)] = None
        except NotFound:
            unknown.append(id)
        except Ambiguous as error:
            wrong.append(str(error))
    if unknown:
        named = f"paper{'s' * (len(unknown) > 1)} {', '.join(id or 'without a name' for id in unknown)}"
        wrong.append(f"No {named} in this library; `paperreader search` finds ids.")
    if not rows:
        raise NotFound(" ".join(wrong))
    return list(rows), wrong


def _add_switch(
    parser: argparse.ArgumentParser, on: str, off: str, name: str, on_does: str, off_does: str
) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(f"--{on}", dest=name, action="store_const", const=True, help=on_does)
    group.add_argument(f"--{off}", dest=name, action="store_const", const=False, help=off_does)


def _tags(given: Iterable[str], on: bool) -> dict[str, bool]:
    names = {text: text.strip().removeprefix("#").strip() for text in given}
    if any(not name for name in names.values()):
        raise UsageError("A tag needs a name.")
    return dict.fromkeys(names.values(), on)

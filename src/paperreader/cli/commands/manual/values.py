"""`complete-values`, hidden: the tags, ids, subscriptions and views that shells complete."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import open_library
from paperreader.errors import PaperreaderError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library

KINDS = ("tags", "ids", "subscriptions", "views", "topics")

MAX_IDS = 200
"""Ids offered, the newest first. A shell asks before it shows more."""

_VIEWS = ("is:new", "is:unread", "is:bookmarked", "has:code", "is:hidden", "is:dismissed")
"""Queries of the views, which begin a query of `search` or `export`."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command. It is in no help."""
    parser = subparsers.add_parser("complete-values")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("prefix", nargs="?", default="")
    parser.set_defaults(run=run, library=None, sample=False)


def run(arguments: argparse.Namespace) -> int:
    """Print one value per line that begins with what is typed; nothing if the library cannot be opened."""
    try:
        values = _values(arguments)
    except PaperreaderError:
        return (
            exit_codes.SUCCESS
        )  # a shell cannot show an error while it completes; the command itself reports it
    for value in values:
        output.print_line(value)
    return exit_codes.SUCCESS


def _values(arguments: argparse.Namespace) -> list[str]:
    prefix = arguments.prefix
    if arguments.kind == "ids":
        return _ids(open_library(arguments, must_exist=False), prefix)
    return [value for value in _all_values(arguments) if value.casefold().startswith(prefix.casefold())]


def _all_values(arguments: argparse.Namespace) -> Iterable[str]:
    if arguments.kind == "topics":
        from paperreader import paths
        from paperreader.cli.parser import COMMAND_MODULES

        documents = (path.stem for path in paths.documents_folder().glob("*.md"))
        return sorted({*documents, *COMMAND_MODULES})
    if arguments.kind == "tags":
        marks = open_library(arguments, must_exist=False).marks
        return sorted({name for mark in marks.values() for name in mark.tag_names})
    from paperreader import subscriptions

    names = [entry.name for entry in subscriptions.load_subscriptions().entries]
    return names if arguments.kind == "subscriptions" else _VIEWS


def _ids(library: Library, prefix: str) -> list[str]:
    ids = (library.table.id_of(row) for row in library.table.newest)
    return list(islice((id for id in ids if id.startswith(prefix)), MAX_IDS))

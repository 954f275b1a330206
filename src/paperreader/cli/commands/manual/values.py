"""`complete-values`, hidden: the tags, ids, subscriptions and views that shells complete."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
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
    parser.add_argument("words", nargs="*", help="the command line so far, which may select a library")
    parser.set_defaults(run=run, library=None, sample=False)


def run(arguments: argparse.Namespace) -> int:
    """Print one value per line that begins with what is typed; nothing if the library cannot be opened."""
    _select_library(arguments)
    if arguments.kind == "views":
        arguments.kind = _kind_of_open_option(arguments.words) or "views"
    try:
        values = _values(arguments)
    except PaperreaderError:
        return (
            exit_codes.SUCCESS
        )  # a shell cannot show an error while it completes; the command itself reports it
    for value in values:
        output.print_line(value)
    return exit_codes.SUCCESS


def _select_library(arguments: argparse.Namespace) -> None:
    """Use the library that `--library` or `--sample` in the command line selects."""
    words = arguments.words
    for number, word in enumerate(words):
        if word == "--library":
            following = [
                each for each in words[number + 1 : number + 3] if each != "="
            ]  # bash splits words at it
            arguments.library = _folder(following[0]) if following else None
        elif word.startswith("--library="):
            arguments.library = _folder(word.removeprefix("--library="))
    if "--sample" in words and arguments.library is None:
        arguments.sample = True


def _folder(word: str) -> Path:
    """Return the folder that a word names, which some shells pass as it was typed."""
    for name in (word, *_unquoted(word)):
        folder = paths.expand_path(os.path.expandvars(name))
        if folder.is_dir():
            return folder
    return paths.expand_path(word)


def _unquoted(word: str) -> list[str]:
    try:
        return shlex.split(word)
    except ValueError:
        return []  # a quote is still open


def _kind_of_open_option(words: Sequence[str]) -> str | None:
    """Return what the last option takes if it takes several values: fish takes the second one for a query."""
    options = [word for word in words if word.startswith("--")]
    return {"--ids": "ids", "--subscription": "subscriptions"}.get(options[-1]) if options else None


def _values(arguments: argparse.Namespace) -> list[str]:
    prefix = arguments.prefix
    if arguments.kind == "ids":
        return _ids(open_library(arguments, must_exist=False), prefix)
    return [value for value in _all_values(arguments) if value.casefold().startswith(prefix.casefold())]


def _all_values(arguments: argparse.Namespace) -> Iterable[str]:
    if arguments.kind == "topics":
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

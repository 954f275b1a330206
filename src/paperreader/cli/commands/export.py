"""`export`: papers out of the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import ensure_index_current, opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers

FORMAT_NAMES = ("bibtex", "biblatex", "ris", "csv", "markdown", "html", "jsonl")


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "export",
        "write papers out, with what you said of them",
        examples=[
            "paperreader export --bookmarked --output reading.bib",
            "paperreader export --format markdown --tag rl diffusion > diffusion.md",
            "paperreader export --format biblatex --ids 2510.02297 2403.01234 --copy",
            "paperreader export --output everything.jsonl",
        ],
    )
    parser.add_argument(
        "query", metavar="QUERY", nargs="*", help="only the papers that answer it; none: every paper"
    )
    parser.add_argument("--bookmarked", action="store_true", help="only papers with a bookmark")
    parser.add_argument(
        "--tag", metavar="TAG", action="append", default=[], help="only papers with this tag; may be repeated"
    )
    parser.add_argument(
        "--ids",
        metavar="ID",
        nargs="+",
        help="only these papers, in this order; `-` reads ids from standard input",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        choices=FORMAT_NAMES,
        help=f"{', '.join(FORMAT_NAMES[:-1])} or {FORMAT_NAMES[-1]}; else what the name of FILE ends in tells",
    )
    parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")
    parser.add_argument("--copy", action="store_true", help="copy to the clipboard instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the papers that fit, best first where there is a query, else newest first."""
    from paperreader.library import write_lines

    query = " ".join(arguments.query)
    form = _format(arguments)
    with opened_library(arguments) as library:
        if query.strip():
            ensure_index_current(library)
        rows = library.exports.select_rows(
            query,
            bookmarked=arguments.bookmarked,
            tags=[tag.strip().removeprefix("#") for tag in arguments.tag],
            ids=_ids(arguments.ids),
        )
        lines = library.exports.lines(rows, form)
        if not len(rows):
            output.print_error(
                f"No paper answers; {'nothing was copied' if arguments.copy else 'the export is empty'}."
            )
        if arguments.copy:
            return _copy(lines, len(rows)) if len(rows) else exit_codes.SUCCESS
        if arguments.output in {None, "-"}:
            output.force_utf8()
            for text in lines:
                output.print_raw(text)
        else:
            write_lines(paths.expand_path(arguments.output), lines)
            output.print_error(f"{output.format_paper_count(len(rows))} written to {arguments.output}.")
    return exit_codes.SUCCESS


def _format(arguments: argparse.Namespace) -> str:
    """The format that was asked for, or that the file's name tells.

    Raises:
        UsageError: neither says it, or both a file and the clipboard are to have it.
    """
    from paperreader.errors import UsageError
    from paperreader.library import format_for_path

    if arguments.copy and arguments.output is not None:
        raise UsageError("Choose one of --copy and --output.")
    form = arguments.format or format_for_path(arguments.output or "")
    if not form:
        raise UsageError(f"Say in which format with --format: {', '.join(FORMAT_NAMES)}.")
    return str(form)


def _ids(given: list[str] | None) -> list[str] | None:
    """The ids, those of standard input in place of `-`."""
    if given is None:
        return None
    return [id for word in given for id in (sys.stdin.read().split() if word == "-" else [word])]


def _copy(lines: Iterator[str], count: int) -> int:
    from paperreader import config
    from paperreader.errors import PaperreaderError
    from paperreader.system import clipboard

    way = config.read_settings().settings.clipboard.way
    copied = clipboard.copy_text("\n".join(lines) + "\n", osc52=_to_terminal, method=way)
    if copied.outcome == "failed":
        raise PaperreaderError(copied.error)
    where = (
        "copied"
        if copied.outcome == "copied"
        else "sent to the terminal, which does not say whether it took them"
    )
    output.print_error(f"{output.format_paper_count(count)} {where}.")
    return exit_codes.SUCCESS


def _to_terminal(sequence: str) -> None:
    """Write to the terminal itself, wherever standard output goes.

    Raises:
        OSError: there is none.
    """
    with Path("/dev/tty").open("w", encoding="ascii") as terminal:
        terminal.write(sequence)

"""`export`: papers in the formats of other programs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import ensure_index_current, opened_library
from paperreader.cli.output_files import add_output_options, check_destination, choose_format, write_document
from paperreader.cli.paper_ids import read_ids
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers

FORMAT_NAMES = ("bibtex", "biblatex", "ris", "csv", "csl-json", "markdown", "html", "jsonl")
"""The names in `exporters.formats`, repeated so that `--help` need not import them."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "export",
        "export papers with your marks, notes and tags",
        examples=[
            "paperreader export --bookmarked --output reading.bib",
            "paperreader export --format markdown --tag rl diffusion > diffusion.md",
            "paperreader export --format biblatex --ids 2510.02297 2403.01234 --copy",
            "paperreader export --output everything.jsonl",
        ],
    )
    parser.add_argument(
        "query", metavar="QUERY", nargs="*", help="only papers that match (default: all papers)"
    )
    parser.add_argument("--bookmarked", action="store_true", help="only papers with a bookmark")
    parser.add_argument(
        "--tag", metavar="TAG", action="append", default=[], help="only papers with this tag (repeatable)"
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
        help=f"{', '.join(FORMAT_NAMES[:-1])} or {FORMAT_NAMES[-1]} (default: by the extension of FILE)",
    )
    add_output_options(parser)
    parser.add_argument("--copy", action="store_true", help="copy to the clipboard")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Export the matching papers, best first if there is a query, else newest first."""
    query = " ".join(arguments.query)
    format_name = _format(arguments)
    ids = None if arguments.ids is None else read_ids(arguments.ids)
    with opened_library(arguments) as library:
        if not arguments.copy:
            check_destination(library, arguments)
        if query.strip():
            ensure_index_current(library, query)
        rows = library.exports.select_rows(
            query,
            bookmarked=arguments.bookmarked,
            tags=[tag.strip().removeprefix("#") for tag in arguments.tag],
            ids=ids,
        )
        lines = library.exports.lines(rows, format_name)
        if not len(rows):
            outcome = "nothing was copied" if arguments.copy else "the export is empty"
            output.print_error(f"No matching papers; {outcome}.")
        if arguments.copy:
            return _copy(lines, len(rows)) if len(rows) else exit_codes.SUCCESS
        if written := write_document(library, lines, arguments):
            output.print_error(f"{output.format_paper_count(len(rows))} {written}.")
    return exit_codes.SUCCESS


def _format(arguments: argparse.Namespace) -> str:
    """Return the chosen format, else the one of the file extension.

    Raises:
        UsageError: there is neither, or both a file and the clipboard are given.
    """
    from paperreader.library import format_extensions

    if arguments.copy and arguments.output is not None:
        raise UsageError("--copy and --output cannot be combined.")
    return choose_format(arguments, format_extensions(), FORMAT_NAMES)


def _copy(lines: Iterable[str], count: int) -> int:
    from paperreader import config
    from paperreader.system import clipboard

    method = config.read_settings().settings.clipboard.way
    result = clipboard.copy_text("\n".join(lines) + "\n", osc52=_write_to_terminal, method=method)
    if result.outcome == "failed":
        raise PaperreaderError(result.error)
    outcome = "copied" if result.outcome == "copied" else "sent to the terminal, which does not confirm it"
    output.print_error(f"{output.format_paper_count(count)} {outcome}.")
    return exit_codes.SUCCESS


def _write_to_terminal(sequence: str) -> None:
    """Write to the controlling terminal, also if standard output is redirected.

    Raises:
        OSError: there is none.
    """
    with Path("/dev/tty").open("w", encoding="ascii") as terminal:
        terminal.write(sequence)

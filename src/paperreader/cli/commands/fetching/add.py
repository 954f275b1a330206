"""`add`: single papers by id or URL."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli.arguments import JSON_HELP, add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import print_fetch_report
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "add",
        "add single papers by arXiv id or URL",
        examples=[
            "paperreader add 2510.02297",
            "paperreader add https://arxiv.org/abs/2403.01234v2 https://huggingface.co/papers/2510.02297",
            "paperreader add https://huggingface.co/papers/date/2026-11-20",
        ],
    )
    parser.add_argument(
        "refs",
        metavar="ID-or-URL",
        nargs="+",
        help="an arXiv id, a URL of arXiv or Hugging Face, or the URL of a Daily Papers page",
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Add the papers and print what was added and what failed.

    Raises:
        UsageError: an argument names no paper.
    """
    from paperreader.fetch import session
    from paperreader.fetch.paper_refs import find_refs

    refs = []
    for text in arguments.refs:
        found = list(find_refs(text))
        if not found:
            raise UsageError(
                f"{text} is not an arXiv id or a URL of arXiv or Hugging Face. Use `paperreader import` for files."
            )
        refs += found
    with opened_library(arguments, must_exist=False) as library:
        with ProgressBar() as bar:
            report = session.add_refs(library, list(dict.fromkeys(refs)), bar)
        return print_fetch_report(report, as_json=arguments.json)

"""`add`: single papers by their ids or addresses."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli.commands.fetch import print_fetch_report
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "add",
        "bring single papers by their arXiv ids or addresses",
        examples=[
            "paperreader add 2510.02297",
            "paperreader add https://arxiv.org/abs/2403.01234v2 https://huggingface.co/papers/2510.02297",
            "paperreader add https://huggingface.co/papers/date/2026-11-20",
        ],
    )
    parser.add_argument(
        "things",
        metavar="ID-or-URL",
        nargs="+",
        help="an arXiv id, an address of arXiv or Hugging Face, or that of a Daily Papers page",
    )
    parser.add_argument("--json", action="store_true", help="print what happened as one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Add them, and tell what came and what did not."""
    from paperreader.fetch import session
    from paperreader.fetch.paper_refs import find_refs

    things = [(text, list(find_refs(text))) for text in arguments.things]
    if strange := next((text for text, found in things if not found), None):
        raise UsageError(
            f"{strange} is no arXiv id and no address of arXiv or Hugging Face; `paperreader import` reads files."
        )
    with opened_library(arguments) as library:
        with ProgressBar() as bar:
            report = session.add_refs(
                library, list(dict.fromkeys(what for _, found in things for what in found)), bar
            )
        return print_fetch_report(report, as_json=arguments.json)

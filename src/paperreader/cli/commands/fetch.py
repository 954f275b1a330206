"""`fetch`: the papers of the day, from Hugging Face or arXiv."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import iso_date
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import print_report, print_report_json
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.fetch.report import FetchReport
    from paperreader.fetch.runner import OnProgress
    from paperreader.library import Library

MAX_NAMED_DAYS = 3
"""Days that are named when some are left."""


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "fetch",
        "bring today's papers, and those of every day since the last fetch",
        examples=[
            "paperreader fetch",
            "paperreader fetch --since 2026-10-01",
            "paperreader fetch --week 2026-W47",
            "paperreader fetch arxiv --category cs.CL --since 2026-11-18",
            "paperreader fetch arxiv --query 'state space models' --limit 50",
        ],
    )
    parser.add_argument(
        "service",
        metavar="SERVICE",
        nargs="?",
        choices=("huggingface", "arxiv"),
        default="huggingface",
        help="huggingface: the Daily Papers (unless told otherwise); arxiv: its newest papers",
    )
    pages = parser.add_argument_group("Daily Papers")
    pages.add_argument("--date", metavar="YYYY-MM-DD", type=iso_date, help="one day, fetched before or not")
    pages.add_argument("--week", metavar="YYYY-Www", help="one week, such as 2026-W47")
    pages.add_argument("--month", metavar="YYYY-MM", help="one month, such as 2026-11")
    pages.add_argument("--trending", action="store_true", help="what is most talked of now")
    papers = parser.add_argument_group("arXiv")
    papers.add_argument(
        "--category",
        metavar="CAT",
        action="append",
        default=[],
        help="such as cs.CL; repeatable, any of them",
    )
    papers.add_argument(
        "--query", metavar="WORDS", default="", help="all these words, or a query as arXiv has it"
    )
    papers.add_argument(
        "--limit", metavar="N", type=_paper_limit, help="papers at most, the newest first (1,000)"
    )
    parser.add_argument("--since", metavar="YYYY-MM-DD", type=iso_date, help="every day from this one on")
    parser.add_argument("--json", action="store_true", help="print what happened as one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fetch, and tell what came and what did not."""
    _check_arguments(arguments)
    with opened_library(arguments) as library:
        with ProgressBar() as bar:
            report = _fetch(arguments, library, bar)
        return print_fetch_report(
            report,
            as_json=arguments.json,
            resume_command="`paperreader fetch`" if _is_resumable(arguments) else "",
        )


def print_fetch_report(report: FetchReport, *, as_json: bool, resume_command: str = "") -> int:
    """Print what a fetch came to; gives the exit code. `again` is the command that goes on with what is left."""
    for notice in report.notices:
        output.print_error(notice)
    if as_json:
        from msgspec import to_builtins

        print_report_json(
            report, asked=[to_builtins(each) for each in report.results], left=list(report.left)
        )
    else:
        print_report(report)
        if len(report.left) > 1 and resume_command:
            named = ", ".join(report.left[:MAX_NAMED_DAYS]) + (
                ", …" if len(report.left) > MAX_NAMED_DAYS else ""
            )
            output.print_error(
                f"{len(report.left)} days are left ({named}); {resume_command} goes on with them."
            )
    return exit_codes.FAILURE if report.left else exit_codes.SUCCESS


def _fetch(arguments: argparse.Namespace, library: Library, on_progress: OnProgress) -> FetchReport:
    import datetime as dt

    from paperreader.fetch import session
    from paperreader.fetch.paper_refs import PaperRef

    if arguments.service == "arxiv":
        limit = 1000 if arguments.limit is None else arguments.limit
        return session.fetch_arxiv(
            library, arguments.category, arguments.query, arguments.since, limit, on_progress
        )
    for kind in ("date", "week", "month"):
        if value := getattr(arguments, kind):
            return session.fetch_pages(library, [PaperRef(kind, value)], on_progress)
    if arguments.trending:
        return session.fetch_pages(library, [PaperRef("trending", "")], on_progress)
    if arguments.since:
        return session.fetch_since(library, dt.date.fromisoformat(arguments.since), on_progress)
    return session.fetch_latest(library, on_progress)


def _check_arguments(arguments: argparse.Namespace) -> None:
    """Refuse what does not go together.

    Raises:
        UsageError: something does not.
    """
    pages = [f"--{name}" for name in ("date", "week", "month", "trending") if getattr(arguments, name)]
    papers = [f"--{name}" for name in ("category", "query") if getattr(arguments, name)]
    papers += ["--limit"] if arguments.limit is not None else []
    if arguments.service == "arxiv" and pages:
        raise UsageError(f"{pages[0]} is for the Daily Papers; leave out arxiv.")
    if arguments.service != "arxiv" and papers:
        raise UsageError(f"{papers[0]} is for arXiv; write `paperreader fetch arxiv`.")
    if len(pages) + bool(pages and arguments.since) > 1:
        raise UsageError(f"{pages[0]} and {[*pages, '--since'][1]} do not go together; choose one.")


def _is_resumable(arguments: argparse.Namespace) -> bool:
    """Whether a plain fetch takes up what this one leaves."""
    named = (arguments.date, arguments.week, arguments.month, arguments.trending)
    return arguments.service != "arxiv" and not any(named)


def _paper_limit(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text[:9]) <= 30_000):
        raise argparse.ArgumentTypeError(f"{text} is no number of papers from 1 to 30000")
    return int(text)

"""`fetch`: new papers from Hugging Face and arXiv."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli.arguments import JSON_HELP, add_command, iso_date, whole_number
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.reports import print_fetch_report
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Parser, Subparsers
    from paperreader.fetch.runner import FetchReport, OnProgress
    from paperreader.library import Library

SERVICES = ("huggingface", "arxiv")
OF_PAPERS = ("text", "pdf")
"""What is fetched of papers that are in the library."""

DEFAULT_LIMIT, MAX_LIMIT = 1000, 30_000
"""Papers per search of arXiv; its API returns no more than `MAX_LIMIT`."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "fetch",
        "fetch today's papers, and those of every day since the last fetch, also of subscriptions to arXiv",
        examples=[
            "paperreader fetch",
            "paperreader fetch --since 2026-10-01",
            "paperreader fetch --week 2026-W47",
            "paperreader fetch arxiv",
            "paperreader fetch arxiv --category cs.CL --since 2026-11-18",
            "paperreader fetch arxiv --query 'state space models' --limit 50",
            "paperreader fetch text",
            "paperreader fetch text 'tag:thesis has:code' --limit 20",
            "paperreader fetch pdf 'is:bookmarked date:30d'",
        ],
    )
    parser.add_argument(
        "service",
        metavar="SERVICE",
        nargs="?",
        choices=(*SERVICES, *OF_PAPERS),
        help="huggingface (Daily Papers), arxiv (subscriptions, or the newest papers of --category or --query), text "
        "or pdf (full texts or PDFs of papers in the library); default: Daily Papers and subscriptions",
    )
    parser.add_argument(
        "words",
        metavar="QUERY",
        nargs="*",
        help="after text or pdf: the papers whose full texts or PDFs are fetched (default: your bookmarks)",
    )
    pages = parser.add_argument_group("Daily Papers")
    pages.add_argument(
        "--date", metavar="YYYY-MM-DD", type=iso_date, help="one day, also if it was fetched before"
    )
    pages.add_argument("--week", metavar="YYYY-Www", help="one week, such as 2026-W47")
    pages.add_argument("--month", metavar="YYYY-MM", help="one month, such as 2026-11")
    pages.add_argument("--trending", action="store_true", help="the trending papers")
    _add_arxiv_options(parser)
    parser.add_argument(
        "--since",
        metavar="YYYY-MM-DD",
        type=iso_date,
        help="every day since this one (default: since the last fetch; the first time, the last seven days)",
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def _add_arxiv_options(parser: Parser) -> None:
    papers = parser.add_argument_group("arXiv, in place of subscriptions")
    papers.add_argument(
        "--category",
        metavar="CAT",
        action="append",
        default=[],
        help="a category such as cs.CL (repeatable: papers in any of them)",
    )
    papers.add_argument(
        "--query", metavar="WORDS", default="", help="all of these words, or a query in arXiv's syntax"
    )
    papers.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(1, MAX_LIMIT),
        help=f"maximum number of papers, newest first (default: {DEFAULT_LIMIT:,}; of full texts and PDFs, all)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Fetch, and print what was added and what failed."""
    _check_arguments(arguments)
    if arguments.service == "text":
        from paperreader.cli.commands.fetching import full_texts

        return full_texts.run(arguments)
    if arguments.service == "pdf":
        from paperreader.cli.commands.fetching import pdfs

        return pdfs.run(arguments)
    with opened_library(arguments, must_exist=False) as library:
        with ProgressBar() as bar:
            report = _fetch(arguments, library, bar)
        is_page = any((arguments.date, arguments.week, arguments.month, arguments.trending))
        is_resumable = not is_page and not _is_search(arguments)
        return print_fetch_report(report, as_json=arguments.json, is_resumable=is_resumable)


def _fetch(arguments: argparse.Namespace, library: Library, on_progress: OnProgress) -> FetchReport:
    import datetime as dt

    from paperreader.fetch import session
    from paperreader.fetch.paper_refs import PaperRef

    if _is_search(arguments):
        limit = DEFAULT_LIMIT if arguments.limit is None else arguments.limit
        return session.fetch_arxiv(
            library, arguments.category, arguments.query, arguments.since, limit, on_progress
        )
    for kind in ("date", "week", "month"):
        if value := getattr(arguments, kind):
            return session.fetch_pages(library, [PaperRef(kind, value)], on_progress)
    if arguments.trending:
        return session.fetch_pages(library, [PaperRef("trending", "")], on_progress)
    services = [name for name in session.SERVICES if arguments.service in (None, name)]
    if arguments.since:
        first = dt.date.fromisoformat(arguments.since)
        return session.fetch_since(library, first, on_progress, services=services)
    return session.fetch_latest(library, on_progress, services=services)


def _is_search(arguments: argparse.Namespace) -> bool:
    """Return whether arXiv is searched, instead of fetching subscriptions."""
    return bool(arguments.category or arguments.query or arguments.limit is not None)


def _check_arguments(arguments: argparse.Namespace) -> None:
    """Check that the options can be combined.

    Raises:
        UsageError: they cannot.
    """
    pages = [f"--{name}" for name in ("date", "week", "month", "trending") if getattr(arguments, name)]
    papers = [f"--{name}" for name in ("category", "query") if getattr(arguments, name)]
    papers += ["--limit"] if arguments.limit is not None else []
    if arguments.words and arguments.service not in OF_PAPERS:
        raise UsageError(
            "A query selects papers of the library for their full texts or PDFs: `paperreader fetch text QUERY`."
        )
    if arguments.service in OF_PAPERS:
        others = [*pages, *papers[:1], *(["--since"] if arguments.since else [])]
        if others and others != ["--limit"]:
            raise UsageError(
                f"{others[0]} does not apply to papers of the library; remove it, or {arguments.service}."
            )
        return
    if arguments.service == "arxiv" and pages:
        raise UsageError(f"{pages[0]} applies to Daily Papers only; remove arxiv.")
    if arguments.service != "arxiv" and papers:
        raise UsageError(f"{papers[0]} applies to arXiv only; use `paperreader fetch arxiv`.")
    if len(pages) + bool(pages and arguments.since) > 1:
        raise UsageError(f"{pages[0]} and {[*pages, '--since'][1]} cannot be combined.")

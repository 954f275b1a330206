"""`find`: search Hugging Face, arXiv or Semantic Scholar for papers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command, whole_number
from paperreader.cli.library_access import opened_library
from paperreader.cli.progress import ProgressBar
from paperreader.cli.signals import terminate_on_sigterm
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.fetch.online.search import OnlineResults
    from paperreader.library import Library, OnlinePaper

SOURCES = ("huggingface", "arxiv", "semanticscholar")

DEFAULT_LIMIT, MAX_LIMIT = 20, 1_000


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "find",
        "search Hugging Face, arXiv or Semantic Scholar for papers",
        examples=[
            "paperreader find models that draw pictures from text",
            "paperreader find --source arxiv 'author:lecun cat:cs.LG date:2024..'",
            "paperreader find --source semanticscholar --limit 50 state space models",
            "paperreader find --add --limit 3 energy based models",
        ],
    )
    parser.add_argument(
        "query", metavar="QUERY", nargs="+", help="words, and for arXiv also author:, title:, cat: and date:"
    )
    parser.add_argument(
        "--source", choices=SOURCES, default=SOURCES[0], help=f"the service (default: {SOURCES[0]})"
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(1, MAX_LIMIT),
        default=DEFAULT_LIMIT,
        help=f"maximum number of papers (default: {DEFAULT_LIMIT})",
    )
    parser.add_argument("--add", action="store_true", help="add them to the library")
    parser.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search, and print the papers in the order of the service; those of the library with a check mark."""
    from paperreader.library import OnlinePapers

    query = " ".join(arguments.query)
    with opened_library(arguments, must_exist=False) as library:
        if arguments.add and library.is_sample:
            raise UsageError("The sample library cannot be changed; add papers to a library of your own.")
        with terminate_on_sigterm(), ProgressBar() as bar:
            papers, results = _search(library, query, arguments, bar)
            if arguments.add and papers:
                OnlinePapers(library.imports).add(papers)
                library.maintenance.update_index_after_write(bar)
        for problem in results.problems:
            output.print_error(str(problem))
        if results.is_old:
            output.print_error("The service does not respond. These are its results of an earlier time.")
        if results.ignored:
            fields = ", ".join(f"{name}:" for name in results.ignored)
            output.print_error(f"Left out, because it only concerns the library: {fields}")
        for paper in papers:
            _print(library, paper, as_json=arguments.json)
        if not arguments.json:
            _print_summary(arguments, len(papers), results.total)
    return exit_codes.SUCCESS


def _search(
    library: Library, query: str, arguments: argparse.Namespace, bar: ProgressBar
) -> tuple[list[OnlinePaper], OnlineResults]:
    """Return the papers of as many pages as are necessary, and the results of the first one."""
    from paperreader.fetch.online.pages import OnlinePages
    from paperreader.fetch.online.search import search_online

    pages = OnlinePages()
    first = search_online(library, query, arguments.source, bar)
    pages.add(first)
    while len(pages.papers) < arguments.limit and pages.next_start is not None:
        pages.add(search_online(library, query, arguments.source, bar, start=pages.next_start))
    return pages.papers[: arguments.limit], first


def _print(library: Library, found: OnlinePaper, *, as_json: bool) -> None:
    from paperreader.json_codec import paper_to_public_json
    from paperreader.library import row_in_library
    from paperreader.models import EMPTY_MARK
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line
    from paperreader.text.tex_display import readable_text

    paper, row = found.paper, row_in_library(library.table, found.paper)
    if as_json:
        known = library.table.id_of(row) if row is not None else None
        output.print_json({**paper_to_public_json(paper, EMPTY_MARK), "in_library": known})
        return
    title = single_line(readable_text(paper.title))
    id = (paper.arxiv or paper.doi or paper.id)[:28]
    columns = output.width()
    if columns is not None:
        title = truncate_cells(title, max(columns - len(id) - 16, 20))
    date = (paper.date or "").ljust(len("2016-05-03"))
    output.print_line((id, "muted"), f"  {date} ", ("+" if row is not None else " ", "user"), " ", title)


def _print_summary(arguments: argparse.Namespace, count: int, total: int | None) -> None:
    from paperreader.fetch.online.sources import SOURCE_LABELS

    label = SOURCE_LABELS[arguments.source]
    of_total = f" of {total:,}" if total is not None and total > count else ""
    added = ", added" if arguments.add and count else "; + marks those in the library"
    output.print_error(f"{output.format_paper_count(count)}{of_total} from {label}{added if count else ''}.")

"""`search`: what the reader's search bar finds, for the shell."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import ensure_index_current, opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.library import Library
    from paperreader.models import Mark, Paper, SearchHits


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "search",
        "print the papers that answer a query",
        examples=[
            "paperreader search diffusion video",
            "paperreader search 'has:code sort:votes' --limit 20",
            "paperreader search --json --limit 5 'state space' | jq -r .title",
            "paperreader search -- attention -vision      (papers without a word: behind --)",
        ],
    )
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="*",
        help="words as in the search bar; none: every paper, newest first",
    )
    parser.add_argument("--limit", metavar="N", type=_result_limit, help="print the first N only")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search and print."""
    query = " ".join(arguments.query)
    with opened_library(arguments) as library:
        if query.strip():
            ensure_index_current(library)
        hits = library.search(query)
        shown = hits.rows[: arguments.limit]
        if arguments.json:
            _print_json(library, hits, shown)
        else:
            _print(library, hits, shown)
    return exit_codes.SUCCESS


def _print_json(library: Library, hits: SearchHits, shown: Sequence[int]) -> None:
    from paperreader.json_codec import (
        paper_to_public_json,  # the models, which neither help nor version needs
    )

    for place, row in enumerate(shown):
        found = {
            "score": round(float(hits.scores[place]), 6) if place < len(hits.scores) else None,
            "match": "all" if place < hits.full_matches else "some",
        }
        output.print_json(paper_to_public_json(library.paper(row), library.mark(row)) | found)


def _print(library: Library, hits: SearchHits, shown: Sequence[int]) -> None:
    if hits.hint:
        output.print_error(hits.hint)
    if not shown and hits.query.strip():
        output.print_error(f"No paper answers to {hits.query}.")
    if hits.suggestion and not hits.hint:  # spelling is not what was wrong
        output.print_error(f"Did you mean {hits.suggestion}?")
    for_person = output.is_terminal(sys.stdout)
    ids = [library.table.id_of(row) for row in shown]
    names = library.short_ids(ids)
    column = max(map(len, names.values()), default=0)
    for place, row in enumerate(shown):
        if for_person and place == hits.full_matches:
            output.print_line(("not all words:", "faint"))
        _print_paper(library.paper(row), library.mark(row), names[ids[place]].ljust(column))
    if for_person and len(shown) < len(hits.rows):
        output.print_line((f"{len(shown):,} of {len(hits.rows):,}", "faint"))


def _print_paper(paper: Paper, mark: Mark, name: str) -> None:
    from paperreader.text.cell_width import cell_width, truncate_cells
    from paperreader.text.tex_display import tex_to_unicode

    star = "*" if mark.bookmarked else " "
    title = " ".join(tex_to_unicode(paper.title).split())
    date = paper.date.ljust(len("2016-05-03"))
    room = output.width()
    if room is not None:
        title = truncate_cells(title, max(room - cell_width(name) - len(date) - 5, 20))
    output.print_line((name, "faint"), f"  {date} ", (star, "mine"), " ", title)


def _result_limit(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no number of papers")
    return int(text)

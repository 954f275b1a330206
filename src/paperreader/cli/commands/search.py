"""`search`: print the papers that match a query."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command, whole_number
from paperreader.cli.library_access import ensure_index_current, opened_library

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library, MatchingSentence
    from paperreader.models import Mark, Paper, SearchHits

MIN_TITLE_CELLS = 20
"""Titles are not cut below this, however narrow the terminal is."""

MAX_SENTENCE_CELLS = 400
"""Sentences of full texts are cut to this in a file or pipe. Some are tables."""

SENTENCE_INDENT = "    "


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "search",
        "print the papers that match a query",
        examples=[
            "paperreader search diffusion video",
            "paperreader search 'has:code sort:votes' --limit 20",
            "paperreader search --json --limit 5 'state space' | jq -r .title",
            "paperreader search attention -vision",
            "paperreader search 'text:\"energy based\" date:2024..'",
            "paperreader search '~ robots that learn to fold clothes'",
            "paperreader search like:2403.01234 has:code",
        ],
    )
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="*",
        help="words and filters as in the search bar (default: all papers, newest first)",
    )
    parser.add_argument("--limit", metavar="N", type=whole_number(1), help="print the first N papers only")
    parser.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Search and print."""
    query = " ".join(arguments.query)
    with opened_library(arguments) as library:
        if query.strip():
            ensure_index_current(library, query)
        hits = library.search(query, corrects=not arguments.json, meaning=True)
        rows = hits.rows[: arguments.limit]
        if hits.near is not None and hits.near.problem:
            output.print_error(hits.near.problem)
        _report_missing(hits.missing)
        if arguments.json:
            _print_json(library, hits, rows)
        else:
            _print(library, hits, rows)
    return exit_codes.SUCCESS


def _report_missing(names: Sequence[str]) -> None:
    """Report the papers that the query names and that are not in the library."""
    if not names:
        return
    from paperreader.fetch.paper_refs import addable

    can_be_added = addable(names)
    for name in names:
        if name in can_be_added:
            output.print_error(f"{name} is not in this library. Use `paperreader add {name}` to add it.")
        else:
            output.print_error(
                f"{name} is not in this library. Use `paperreader import` with a BibTeX entry of it, for example."
            )


def _print_json(library: Library, hits: SearchHits, rows: Sequence[int]) -> None:
    from paperreader.cli.paper_facts import facts_reader
    from paperreader.json_codec import paper_to_public_json  # with the models, which `--help` does not need

    facts = facts_reader(library)
    for rank, row in enumerate(rows):
        match = {
            "score": round(float(hits.scores[rank]), 6) if rank < len(hits.scores) else None,
            "match": _kind_of_match(hits, rank),
            "sentence": sentence.text if (sentence := _sentence(hits, row)) is not None else None,
        }
        paper = paper_to_public_json(library.paper(row), library.mark(row))
        output.print_json(paper | facts(row) | match)


def _kind_of_match(hits: SearchHits, rank: int) -> str:
    if rank < hits.full_matches:
        return "all"
    return "near" if hits.ends_with_near else "some"


def _print(library: Library, hits: SearchHits, rows: Sequence[int]) -> None:
    if hits.hint:
        output.print_error(hits.hint)
    if not rows and hits.query.strip() and not hits.missing:
        output.print_error(f"No papers match {hits.query}.")
    if hits.corrected:
        output.print_error(f"Results for {hits.corrected}; no paper has every word of {hits.query}.")
    if hits.suggestion and not hits.hint:  # a hint names the actual mistake
        output.print_error(f"Did you mean {hits.suggestion}?")
    on_terminal = output.is_terminal(sys.stdout)
    for rank, (row, short_id) in enumerate(with_short_ids(library, rows)):
        if on_terminal and rank == hits.full_matches:
            output.print_line((_heading(hits), "muted"))
        print_paper(library.paper(row), library.mark(row), short_id)
        if (sentence := _sentence(hits, row)) is not None:
            _print_sentence(sentence)
    if on_terminal and len(rows) < len(hits.rows):
        output.print_line((f"{len(rows):,} of {len(hits.rows):,}", "muted"))


def _heading(hits: SearchHits) -> str:
    """Return what is printed above the papers after the full matches."""
    if hits.is_by_meaning:
        return "found by meaning:"  # also those with the words of the query
    return "near in meaning:" if hits.ends_with_near else "not all words:"


def with_short_ids(library: Library, rows: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield each row with the short id of its paper, all of the same width."""
    ids = [library.table.id_of(row) for row in rows]
    short_ids = library.short_ids(ids)
    column = max(map(len, short_ids.values()), default=0)
    for row, id in zip(rows, ids, strict=True):
        yield row, short_ids[id].ljust(column)


def print_paper(paper: Paper, mark: Mark, short_id: str) -> None:
    """Print the line of a paper in a list."""
    from paperreader.text.cell_width import cell_width, truncate_cells
    from paperreader.text.tex_display import readable_text

    title = " ".join(readable_text(paper.title).split())
    date = paper.date.ljust(len("2016-05-03"))
    columns = output.width()
    if columns is not None:
        title = truncate_cells(title, max(columns - cell_width(short_id) - len(date) - 5, MIN_TITLE_CELLS))
    bookmark = "*" if mark.bookmarked else " "
    output.print_line((short_id, "muted"), f"  {date} ", (bookmark, "user"), " ", title)


def _sentence(hits: SearchHits, row: int) -> MatchingSentence | None:
    """Return the sentence of the full text that matches; None if words were not searched there."""
    if hits.texts is None:
        return None
    from paperreader.library import matching_sentence

    return matching_sentence(hits.texts, row)


def _print_sentence(sentence: MatchingSentence) -> None:
    """Print a sentence below its paper, or as much around its first match as fits on the line of a terminal."""
    from paperreader.text.cell_width import cell_width, truncate_cells

    text, start = sentence.text, sentence.ranges[0][0] if sentence.ranges else 0
    width = (output.width() or MAX_SENTENCE_CELLS) - len(SENTENCE_INDENT)
    if cell_width(text) > width and cell_width(text[:start]) > width // 2:
        text = f"…{text[text.rfind(' ', 0, start - width // 3) + 1 :]}"
    output.print_line(SENTENCE_INDENT, (truncate_cells(text, width), "muted"))

"""`trends`: rising terms, papers per day, and the most voted papers."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_HELP, add_command, whole_number
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.cli.output import Span
    from paperreader.digest.trends.report import MostVoted, Trends, TrendTerm

CHART_HEIGHT = 6
MAX_BARS = 70
"""Columns of the chart. For a longer time, each is a week."""
MIN_WEEKS, DEFAULT_WEEKS, MAX_WEEKS = 2, 8, 52
MIN_TITLE_CELLS = 20
"""Titles are not cut below this, however narrow the terminal is."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "trends",
        "show rising terms and the most voted papers",
        examples=["paperreader trends", "paperreader trends --weeks 12 --json | jq '.words[].text'"],
    )
    parser.add_argument(
        "--weeks",
        metavar="N",
        type=whole_number(MIN_WEEKS, MAX_WEEKS),
        default=DEFAULT_WEEKS,
        help=f"number of weeks; the last is compared with those before (default: {DEFAULT_WEEKS})",
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the trends."""
    from paperreader.digest.trends.report import compute_trends

    with opened_library(arguments) as library:
        trends = compute_trends(library, arguments.weeks, today=dt.datetime.now(dt.UTC).date())
        short_ids = library.short_ids(paper.id for paper in (*trends.week, *trends.month))
    if arguments.json:
        output.print_json(trends.to_json())
    elif not trends.days:
        advice = trends.undated_note or "run `paperreader fetch` or `paperreader import`"
        output.print_error(f"No papers with a date yet; {advice}.")
    else:
        for spans in _lines(trends, short_ids):
            output.print_line(*spans)
    return exit_codes.SUCCESS


def _lines(trends: Trends, short_ids: Mapping[str, str]) -> Iterator[Sequence[Span]]:
    from paperreader.digest.trends.window import bar_limit, chart_bars
    from paperreader.text.bar_chart import ASCII_LEVELS, BLOCK_LEVELS, bar_chart
    from paperreader.text.dates import format_long_date
    from paperreader.tui.terminal.glyphs import ASCII, select_glyphs

    first, last = format_long_date(trends.first), format_long_date(trends.last)
    bars, unit = chart_bars(trends.days, MAX_BARS)
    yield ((f"Papers per {unit}", "bold"), (f"  {first} to {last}, {sum(trends.days):,} in total", "muted"))
    limit = bar_limit(bars)
    label = f"{limit:,}{'+' if limit < max(bars) else ''}"
    levels = ASCII_LEVELS if select_glyphs() is ASCII else BLOCK_LEVELS
    for number, line in enumerate(bar_chart(bars, CHART_HEIGHT, levels=levels, limit=limit)):
        yield ((f"{label if number == 0 else '':>6} ", "muted"), line)
    for note in filter(None, (trends.later_note, trends.undated_note)):
        yield ((f"       {note}", "muted"),)
    yield from _term_lines("Rising terms", trends.words)
    yield from _term_lines("Rising keywords", trends.keywords)
    yield from _voted_lines("Most voted this week", trends.week, short_ids)
    yield from _voted_lines("Most voted this month", trends.month, short_ids)


def _term_lines(heading: str, terms: Sequence[TrendTerm]) -> Iterator[Sequence[Span]]:
    from paperreader.text.cell_width import cell_width

    if not terms:
        return
    yield ()
    yield ((heading, "bold"), ("  papers this week, and per week before", "muted"))
    column = max(cell_width(term.text) for term in terms)
    for term in terms:
        padding = " " * (column - cell_width(term.text))
        yield (f"  {term.text}{padding}", f"{term.papers:>7,}", (f"{term.a_week_before:>9,.1f}", "muted"))


def _voted_lines(
    heading: str, papers: Sequence[MostVoted], short_ids: Mapping[str, str]
) -> Iterator[Sequence[Span]]:
    from paperreader.text.cell_width import truncate_cells

    if not papers:
        return
    yield ()
    yield ((heading, "bold"),)
    width = output.width()
    for paper in papers:
        id = f"{short_ids[paper.id]:<12}"
        title = paper.title
        if width is not None:
            title = truncate_cells(title, max(width - len(id) - 11, MIN_TITLE_CELLS))
        yield (f"{paper.votes:>7,}  ", (id, "muted"), f"  {title}")

"""`trends`: what is on the rise."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.output import Span
    from paperreader.cli.parser import Subparsers
    from paperreader.digest.trends.report import MostVoted, Trends, TrendTerm

CHART_HEIGHT = 6
"""Lines of the chart."""

MAX_WEEKS = 52


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "trends",
        "tell which words are on the rise, and what got the most votes",
        examples=["paperreader trends", "paperreader trends --weeks 12 --json | jq '.words[].text'"],
    )
    parser.add_argument(
        "--weeks",
        metavar="N",
        type=_weeks,
        default=8,
        help="look back on so many weeks: the last is compared with those before (default: 8)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the trends."""
    from paperreader.digest.trends.report import compute_trends

    with opened_library(arguments) as library:
        found = compute_trends(library, arguments.weeks, today=dt.datetime.now(dt.UTC).date())
        names = library.short_ids(paper.id for paper in (*found.week, *found.month))
    if arguments.json:
        output.print_json(found.to_json())
    elif not found.days:
        output.print_error(
            "There are no papers with a day yet; "
            + (found.undated_note or "`paperreader import` and `fetch` bring some")
            + "."
        )
    else:
        for spans in _lines(found, names):
            output.print_line(*spans)
    return exit_codes.SUCCESS


def _lines(found: Trends, names: Mapping[str, str]) -> Iterator[Sequence[Span]]:
    from paperreader.text.bar_chart import ASCII_LEVELS, BLOCK_LEVELS, bar_chart
    from paperreader.text.dates import format_long_date
    from paperreader.tui.terminal.glyphs import ASCII, select_glyphs

    first, last = format_long_date(found.first), format_long_date(found.last)
    yield (("Papers a day", "strong"), (f"  {first} to {last}, {sum(found.days):,} in all", "faint"))
    label = f"{max(found.days):,}"
    chart = bar_chart(
        found.days, CHART_HEIGHT, levels=ASCII_LEVELS if select_glyphs() is ASCII else BLOCK_LEVELS
    )
    for number, line in enumerate(chart):
        yield ((f"{label if number == 0 else '':>6} ", "faint"), line)
    if found.undated_note:
        yield ((f"       {found.undated_note}", "faint"),)
    for heading, terms in (("Words on the rise", found.words), ("Keywords on the rise", found.keywords)):
        yield from _terms(heading, terms)
    for heading, papers in (("Most voted of the week", found.week), ("Most voted of the month", found.month)):
        yield from _voted(heading, papers, names)


def _terms(heading: str, terms: Sequence[TrendTerm]) -> Iterator[Sequence[Span]]:
    from paperreader.text.cell_width import cell_width

    if not terms:
        return
    yield ()
    yield ((heading, "strong"), ("  papers this week, and a week before", "faint"))
    column = max(cell_width(term.text) for term in terms)
    for term in terms:
        pad = " " * (column - cell_width(term.text))
        yield (f"  {term.text}{pad}", f"{term.papers:>7,}", (f"{term.a_week_before:>9,.1f}", "faint"))


def _voted(heading: str, papers: Sequence[MostVoted], names: Mapping[str, str]) -> Iterator[Sequence[Span]]:
    from paperreader.text.cell_width import truncate_cells

    if not papers:
        return
    yield ()
    yield ((heading, "strong"),)
    width = output.width()
    for paper in papers:
        name = f"{names[paper.id]:<12}"
        title = paper.title if width is None else truncate_cells(paper.title, max(width - len(name) - 11, 20))
        yield (f"{paper.votes:>7,}  ", (name, "faint"), f"  {title}")


def _weeks(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 2 <= int(text[:9]) <= MAX_WEEKS:
        raise argparse.ArgumentTypeError(f"{text} is no number of weeks from 2 to {MAX_WEEKS}")
    return int(text)

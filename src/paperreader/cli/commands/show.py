"""`show`: print papers with everything that the library knows about them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import JSON_LINES_HELP, add_command
from paperreader.cli.library_access import opened_library
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_ids
from paperreader.cli.version_changes import print_changes

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.models import Mark, Paper


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "show",
        "print papers",
        examples=[
            "paperreader show 2510.02297",
            "paperreader show --json 2510.02297 | jq .links",
            "paperreader show --changes 2510.02297",
            "paperreader search --limit 5 'state space' | paperreader show -",
        ],
    )
    parser.add_argument("ids", metavar="ID", nargs="+", help=IDS_HELP)
    parser.add_argument("--json", action="store_true", help=JSON_LINES_HELP)
    parser.add_argument(
        "--changes",
        action="store_true",
        help="print what changed in the latest version at arXiv: [-removed-] and {+added+} words",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the papers, separated by an empty line, in the order of their ids."""
    from paperreader.json_codec import paper_to_public_json  # with the models, which `--help` does not need

    ids = read_ids(arguments.ids)
    with opened_library(arguments) as library:
        rows, errors = resolve_ids(library, ids)
        if arguments.changes:
            errors += print_changes(library, rows, as_json=arguments.json)
            rows = []
        for number, row in enumerate(rows):
            paper, mark = library.paper(row), library.mark(row)
            if arguments.json:
                output.print_json(paper_to_public_json(paper, mark))
                continue
            if number:
                output.print_line()
            _print(paper, mark)
    for error in errors:
        output.print_error(error)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


def _print(paper: Paper, mark: Mark) -> None:
    from paperreader.models import MARK_FLAGS
    from paperreader.text.categories import all_categories
    from paperreader.text.cell_width import wrap_cells
    from paperreader.text.sanitize import single_line
    from paperreader.text.tex_display import tex_to_unicode

    width = min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH)
    for line in wrap_cells(" ".join(tex_to_unicode(paper.title).split()), width):
        output.print_line((line, "bold"))
    for text in (" · ".join(_metadata(paper)), ", ".join(paper.credited)):
        for line in wrap_cells(text, width) if text else []:
            output.print_line((line, "muted"))
    labels = ("bookmarked", "read", "dismissed", "hidden", "deleted", "less of this")
    marks = [label for label, name in zip(labels, MARK_FLAGS, strict=True) if getattr(mark, name)[0]]
    marks += [f"#{tag}" for tag in mark.tag_names]
    if marks:
        output.print_line((" ".join(marks), "user"))
    if paper.links:
        output.print_line()
    for link in paper.links:
        output.print_line((f"{link.kind:<9}", "muted"), (link.url, "link"))
    if paper.summary.strip():
        _print_text(f"Summary: {' '.join(tex_to_unicode(paper.summary).split())}", width)
    _print_text(tex_to_unicode(paper.abstract), width)
    if paper.keywords:
        _print_text(f"Keywords: {', '.join(paper.keywords)}", width)
    if categories := all_categories(paper):
        _print_text(f"Categories: {', '.join(categories)}", width)
    if mark.note_text:
        output.print_line()
        output.print_line(("Note", "user"))
        _print_text(mark.note_text, width, margin="  ", blank_line=False)
    for highlight in mark.passages:
        _print_text(f"«{single_line(highlight.quote)}»", width, margin="  ")
        _print_text(highlight.comment, width, margin="    ", blank_line=False)


def _print_text(text: str, width: int, *, margin: str = "", blank_line: bool = True) -> None:
    """Print wrapped paragraphs after a blank line; nothing if the text is blank."""
    from paperreader.text.cell_width import wrap_cells

    if not text.strip():
        return
    if blank_line:
        output.print_line()
    for paragraph in text.strip().splitlines():
        for line in wrap_cells(paragraph, width - len(margin)) or [""]:
            output.print_line(margin, line)


def _metadata(paper: Paper) -> list[str]:
    """Return date, venue, id, counts and sources, as far as known."""
    from paperreader.import_formats import source_label
    from paperreader.text.counts import format_count
    from paperreader.text.dates import format_long_date
    from paperreader.text.tex_display import tex_to_unicode

    parts = [format_long_date(paper.date)] if paper.date else []
    parts += [tex_to_unicode(paper.venue)] if paper.venue else []
    parts.append(paper.id)
    for count, noun in ((paper.votes, "vote"), (paper.comments, "comment"), (paper.stars, "star")):
        if count is not None:
            parts.append(format_count(count, noun))
    parts.extend(dict.fromkeys(source_label(each.kind, each.name, each.key) for each in paper.sources))
    return parts

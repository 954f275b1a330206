"""`show`: one paper with everything the library knows of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import opened_library

if TYPE_CHECKING:
    from paperreader.cli.parser import Subparsers
    from paperreader.models import Mark, Paper


def add(commands: Subparsers) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "show",
        "print one paper",
        examples=["paperreader show 2510.02297", "paperreader show --json 2510.02297 | jq .links"],
    )
    parser.add_argument("id", metavar="ID", help="an id, an arXiv address, or the start of an id")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the paper."""
    from paperreader.json_codec import (
        paper_to_public_json,  # the models, which neither help nor version needs
    )

    with opened_library(arguments) as library:
        row = library.resolve(arguments.id)
        paper, mark = library.paper(row), library.mark(row)
        if arguments.json:
            output.print_json(paper_to_public_json(paper, mark))
        else:
            _print(paper, mark)
    return exit_codes.SUCCESS


def _print(paper: Paper, mark: Mark) -> None:
    from paperreader.text.cell_width import wrap_cells
    from paperreader.text.tex_display import tex_to_unicode

    measure = min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH)
    for text in wrap_cells(" ".join(tex_to_unicode(paper.title).split()), measure):
        output.print_line((text, "strong"))
    for facts in (" · ".join(_metadata(paper)), ", ".join(paper.authors)):
        for text in wrap_cells(facts, measure) if facts else []:
            output.print_line((text, "faint"))
    said = [*(["bookmarked"] if mark.bookmarked else []), *(["read"] if mark.is_read else [])]
    said += [f"#{tag}" for tag in mark.tag_names]
    if said:
        output.print_line((" ".join(said), "mine"))
    if paper.links:
        output.print_line()
    for link in paper.links:
        output.print_line((f"{link.kind:<9}", "faint"), (link.url, "link"))
    if paper.summary.strip():
        _print_text(f"In short: {' '.join(tex_to_unicode(paper.summary).split())}", measure)
    _print_text(tex_to_unicode(paper.abstract), measure)
    if paper.keywords:
        _print_text(f"Keywords: {', '.join(paper.keywords)}", measure)
    if mark.note_text:
        output.print_line()
        output.print_line(("Note", "mine"))
        _print_text(mark.note_text, measure, margin="  ", gap=False)


def _print_text(text: str, measure: int, *, margin: str = "", gap: bool = True) -> None:
    from paperreader.text.cell_width import wrap_cells

    if not text.strip():
        return
    if gap:
        output.print_line()
    for paragraph in text.strip().splitlines():
        for row in wrap_cells(paragraph, measure - len(margin)) or [""]:
            output.print_line(margin, row)


def _metadata(paper: Paper) -> list[str]:
    from paperreader.text.dates import format_long_date
    from paperreader.text.tex_display import tex_to_unicode

    facts = [format_long_date(paper.date)] if paper.date else []
    facts += [tex_to_unicode(paper.venue)] if paper.venue else []
    facts.append(paper.id)
    for count, what in ((paper.votes, "vote"), (paper.comments, "comment"), (paper.stars, "star")):
        if count is not None:
            facts.append(f"{count:,} {what}{'' if count == 1 else 's'}")
    facts.extend(dict.fromkeys(source.name or source.kind for source in paper.sources))
    return facts

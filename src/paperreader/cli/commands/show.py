"""`show`: one paper with everything the library knows of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import library_of

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands
    from paperreader.models import Mark, Paper


def add(commands: Commands) -> None:
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
    from paperreader.json_codec import public_paper  # the models, which neither help nor version needs

    with library_of(arguments) as library:
        row = library.resolve(arguments.id)
        paper, mark = library.paper(row), library.mark(row)
        if arguments.json:
            output.json_line(public_paper(paper, mark))
        else:
            _print(paper, mark)
    return exit_codes.DONE


def _print(paper: Paper, mark: Mark) -> None:
    from paperreader.text.cell_width import wrap
    from paperreader.text.tex_display import readable

    measure = min(output.width() or output.MEASURE, output.MEASURE)
    for text in wrap(" ".join(readable(paper.title).split()), measure):
        output.line((text, "strong"))
    for facts in (" · ".join(_facts(paper)), ", ".join(paper.authors)):
        for text in wrap(facts, measure) if facts else []:
            output.line((text, "faint"))
    said = [*(["bookmarked"] if mark.bookmarked else []), *(["read"] if mark.is_read else [])]
    said += [f"#{tag}" for tag in mark.tag_names]
    if said:
        output.line((" ".join(said), "mine"))
    if paper.links:
        output.line()
    for link in paper.links:
        output.line((f"{link.kind:<9}", "faint"), (link.url, "link"))
    if paper.summary.strip():
        _print_text(f"In short: {' '.join(readable(paper.summary).split())}", measure)
    _print_text(readable(paper.abstract), measure)
    if paper.keywords:
        _print_text(f"Keywords: {', '.join(paper.keywords)}", measure)
    if mark.note_text:
        output.line()
        output.line(("Note", "mine"))
        _print_text(mark.note_text, measure, margin="  ", gap=False)


def _print_text(text: str, measure: int, *, margin: str = "", gap: bool = True) -> None:
    from paperreader.text.cell_width import wrap

    if not text.strip():
        return
    if gap:
        output.line()
    for paragraph in text.strip().splitlines():
        for row in wrap(paragraph, measure - len(margin)) or [""]:
            output.line(margin, row)


def _facts(paper: Paper) -> list[str]:
    from paperreader.text.dates import long_day
    from paperreader.text.tex_display import readable

    facts = [long_day(paper.date)] if paper.date else []
    facts += [readable(paper.venue)] if paper.venue else []
    facts.append(paper.id)
    for count, what in ((paper.votes, "vote"), (paper.comments, "comment"), (paper.stars, "star")):
        if count is not None:
            facts.append(f"{count:,} {what}{'' if count == 1 else 's'}")
    facts.extend(dict.fromkeys(source.name or source.kind for source in paper.sources))
    return facts

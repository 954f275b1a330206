"""Print what changed between the versions of papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.cli import output

if TYPE_CHECKING:
    from paperreader.json_codec import JsonObject
    from paperreader.library import Library
    from paperreader.models import Paper, VersionHistory


def print_changes(library: Library, rows: Sequence[int], *, as_json: bool) -> list[str]:
    """Print the changes of papers, separated by an empty line, or their versions as JSON. Return errors."""
    from paperreader.library import history_of

    errors: list[str] = []
    is_first = True
    for row in rows:
        paper, history = library.paper(row), history_of(library.table, row)
        if history is None:
            errors.append(
                f"{paper.id}: no earlier version is stored. `paperreader fetch` checks your bookmarks."
            )
        elif as_json:
            output.print_json(_to_json(paper, history))
        else:
            if not is_first:
                output.print_line()
            _print(paper, history)
            is_first = False
    return errors


def _print(paper: Paper, history: VersionHistory) -> None:
    from paperreader.library import compare_versions, version_label
    from paperreader.text.cell_width import wrap_cells
    from paperreader.text.dates import format_long_date

    newer, older = history.versions[:2]
    labels = [f"{version_label(each)} ({format_long_date(each.day)})" for each in (older, newer)]
    output.print_line((f"{paper.id}: {labels[0]} → {labels[1]}", "bold"))
    width = min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH)
    changes = [each for each in compare_versions(older, newer) if each.is_changed]
    if not changes:
        output.print_line("Title, authors and abstract did not change.")
    for field in changes:
        output.print_line()
        output.print_line((field.name, "muted"))
        for line in wrap_cells(" ".join(part.marked_text for part in field.parts), width):
            output.print_line(line)


def _to_json(paper: Paper, history: VersionHistory) -> JsonObject:
    versions = [
        {
            "version": each.number or None,
            "day": each.day or None,
            "title": each.title,
            "abstract": each.abstract,
            "authors": list(each.authors),
        }
        for each in history.versions
    ]
    return {"id": paper.id, "versions": versions}

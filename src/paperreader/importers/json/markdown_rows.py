"""Import JSON of daily arXiv scripts, which contains rows of Markdown: `{"topic": {"2401.04321": "|**2024-01-09**|…`.

Rows are those of a table (date, title, first author, paper, code) or of a list. https://github.com/Vincentqyw/cv-arxiv-daily
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paperreader.importers.input.content import SourceOrigin
from paperreader.models import ImportedEntry, Problem
from paperreader.text.ids import parse_arxiv_id

MAX_DEPTH = 3

_HEADER = "|Publish Date|Title|Authors|PDF|Code|\n|---|---|---|---|---|"


def read_rows(value: Any, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem] | None:
    """Return the papers of such a document; None if it is none.

    Raises (while it is read):
        UnsupportedContent: no paper is found in its rows.
    """
    rows = list(_rows(value, MAX_DEPTH))
    if not rows:
        return None
    from paperreader.importers.markdown import lists as markdown_list

    table = [row for row in rows if row.startswith("|")]
    others = [row for row in rows if not row.startswith("|")]
    text = "\n".join([_HEADER, *table] if table else []) + "\n\n" + "\n".join(others)
    return markdown_list.read_entries(text, file, origin)


def _rows(value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or not depth:
        return
    for name, item in value.items():
        if isinstance(item, str) and item.lstrip().startswith(("|", "- ")) and parse_arxiv_id(name):
            yield " ".join(item.split())
        else:
            yield from _rows(item, depth - 1)

"""Export JSON Lines: one paper a line, for scripts and for another library.

A line has the fields that `show --json` prints, with title and abstract exactly as they were imported, and three more:
`paperreader` (the version of this format, 1), `records` (those of each source) and `mark` (with timestamps, or null).
The import reads only those three; the others are for scripts. Everything is ASCII-escaped, so that a line means the
same in every encoding and contains no control characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.formats import ExportItem
from paperreader.json_codec import paper_to_public_json, record_to_json, to_json_line
from paperreader.mark_codec import mark_to_json
from paperreader.models import EMPTY_MARK

VERSION = 1
"""Format version in every line; increase it when older versions could no longer import it."""


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield one line of JSON for each paper."""
    for item in papers:
        yield to_json_line(
            {
                "paperreader": VERSION,
                **paper_to_public_json(item.paper, item.mark, collapse=False),
                "records": [record_to_json(record) for record in item.records],
                "mark": None if item.mark == EMPTY_MARK else mark_to_json(item.mark),
            },
            ascii_only=True,
        )

"""JSON Lines: one paper a line, for scripts and for another library.

A line holds the fields that `show --json` prints, with title and abstract exactly as they were read, and three more:
`paperreader` (the version of this form, 1), `records` (what each source said) and `mark` (the stamped mark, or null).
Reading it back needs those three alone; the others are there for people and scripts. Everything is ASCII-escaped, so
that a line means the same in every encoding and shows no terminal a control character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.formats import ExportItem
from paperreader.json_codec import mark_to_json, paper_to_public_json, record_to_json, to_json_line
from paperreader.models import EMPTY_MARK

VERSION = 1
"""What `paperreader` says in every line; to be raised when older versions could not read it back any more."""


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """One line of JSON for each paper."""
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

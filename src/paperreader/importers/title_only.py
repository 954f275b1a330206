"""Refuse records of which only the title was understood, unless every record of the format is a publication.

Lists of films, songs or browser tabs have titles too, and a paper whose fields have unknown names would lose them.
"""

from __future__ import annotations

from paperreader.import_formats import IMPORT_FORMATS
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.cell_width import truncate_cells
from paperreader.text.sanitize import single_line

MAX_TITLE_CELLS = 60
"""Width of a title in a problem."""

_SUFFICIENT = (
    *("arxiv", "doi", "links", "published", "votes", "comments", "stars", "keywords", "summary", "journal"),
    *("booktitle", "editors"),
)
_TITLE_IS_ENOUGH = frozenset(row.name for row in IMPORT_FORMATS if row.title_is_enough)
_NEEDED = "a paper needs authors, an abstract, a date, a DOI, an arXiv id or a link as well"


class TitleOnlyRecords:
    """The records of one content that are refused."""

    def __init__(self) -> None:
        self._count = 0
        self._first = ""
        self._line: int | None = None

    def refuses(self, entry: ImportedEntry) -> bool:
        """Return whether hardly anything but the title of an entry is known, and count it."""
        if entry.is_exported or entry.mark is not None or any(map(_has_more_than_title, entry.records)):
            return False
        if not self._count:
            self._first = truncate_cells(single_line(entry.records[0].title), MAX_TITLE_CELLS)
            self._line = entry.line
        self._count += 1
        return True

    def problem(self, name: str) -> Problem | None:
        """Return one problem for all of them, in the content with this name; None if there are none."""
        if not self._count:
            return None
        if self._count == 1:
            message = f"only the title of “{self._first}” was understood, so it was not imported: {_NEEDED}"
            return Problem(name, self._line, message)
        message = f"only the titles of {self._count:,} records were understood, so they were not imported"
        return Problem(name, self._line, f"{message} (the first is “{self._first}”): {_NEEDED}")


def _has_more_than_title(record: SourceRecord) -> bool:
    """Whether a record has a field that tells a paper from other works; publisher or pages alone do not."""
    if record.abstract or record.authors or record.source.kind in _TITLE_IS_ENOUGH:
        return True
    return any(getattr(record, name) not in ("", (), None) for name in _SUFFICIENT)

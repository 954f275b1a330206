"""The papers of a search online, for the list, which reads them like those of the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from paperreader.models import CODE_FLAG, CatalogVersion, NumericColumns, Paper

if TYPE_CHECKING:
    from paperreader.library import OnlinePaper


class OnlineTable:
    """A `PaperTable` in memory. Its rows are the positions of the results."""

    def __init__(self, found: Sequence[OnlinePaper], generation: int) -> None:
        """`generation`: another one for another search."""
        self._papers, self._generation = tuple(each.paper for each in found), generation
        self.citations: Mapping[int, int] = {
            row: each.citations for row, each in enumerate(found) if each.citations is not None
        }
        """How often papers are cited, by row, as far as the service says so."""

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def newest(self) -> Sequence[int]:
        """All rows, in the order of the service."""
        return range(len(self._papers))

    def __len__(self) -> int:
        return len(self._papers)

    def paper(self, row: int) -> Paper:
        return self._papers[row]

    def is_live(self, row: int) -> bool:
        return 0 <= row < len(self._papers)

    def row_of(self, id: str) -> int | None:
        return next((row for row, paper in enumerate(self._papers) if paper.id == id), None)

    def day(self, row: int) -> str:
        return self._papers[row].date

    def votes(self, row: int) -> int | None:
        return self._papers[row].votes

    def comments(self, row: int) -> int | None:
        return self._papers[row].comments

    def stars(self, row: int) -> int | None:
        return self._papers[row].stars

    def flags(self, row: int) -> int:
        return CODE_FLAG if self._papers[row].has_link("code") else 0

    @property
    def columns(self) -> NumericColumns:
        """None: the results are not filtered by numbers."""
        return NumericColumns(memoryview(b""), 0, 0, {})

    @property
    def version(self) -> CatalogVersion:
        return CatalogVersion("online", self._generation, len(self._papers), 0)

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        """Return the rows that were added: pages are only appended."""
        if (version.uuid, version.generation) != ("online", self._generation):
            return None
        return range(version.committed, len(self._papers))

"""The texts of rows, read from the catalog when they are painted and remembered while they are likely to come back."""

from __future__ import annotations

from textual.cache import LRUCache

from paperreader.errors import PaperreaderError
from paperreader.models import Paper, PaperTable
from paperreader.text.sanitize import single_line
from paperreader.tui.widgets.paper_list.match_reason import abstract_text
from paperreader.tui.widgets.paper_list.row_layout import RowText, row_text

_MAX_TEXTS = 1024
_MAX_ABSTRACTS = 256
"""An abstract takes 1 to 3 kB."""


class RowTextCache:
    """What the rows of one table say; bounded, and read again for another table."""

    def __init__(self, table: PaperTable) -> None:
        self.table = table
        self._texts: LRUCache[int, RowText] = LRUCache(_MAX_TEXTS)
        self._abstracts: LRUCache[int, str] = LRUCache(_MAX_ABSTRACTS)

    def text(self, row: int) -> RowText:
        """Title, first author, votes; for a damaged line what happened to it, where the title would stand."""
        text = self._texts.get(row)
        if text is None:
            paper = self._paper(row)
            text = row_text(paper) if isinstance(paper, Paper) else RowText(single_line(paper))
            self._texts[row] = text
        return text

    def abstract(self, row: int) -> str:
        """The abstract as one readable line; empty for a damaged line."""
        text = self._abstracts.get(row)
        if text is None:
            paper = self._paper(row)
            text = abstract_text(paper) if isinstance(paper, Paper) else ""
            self._abstracts[row] = text
        return text

    def _paper(self, row: int) -> Paper | str:
        """The paper, or a sentence on why it cannot be read."""
        try:
            return self.table.paper(row)
        except PaperreaderError as error:
            return str(error)

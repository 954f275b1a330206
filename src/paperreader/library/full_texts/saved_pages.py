"""Full texts that were saved as web pages: stored with their papers when an import has added these."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.errors import NotAFullText, PaperreaderError, StorageError
from paperreader.fulltext import ConversionFailed, Page
from paperreader.library.full_texts.full_texts import FullTexts
from paperreader.library.lookup import resolve_row
from paperreader.library.types import Progress
from paperreader.models import Problem, SavedPage, SourceRecord
from paperreader.text.ids import slug_id

MAX_KEPT_BYTES = 256 << 20
"""Compressed pages of one import: more than a thousand."""


class _KeptPage(Struct, frozen=True):
    """A page, and the paper that it was read for."""

    file: str
    paper: str
    """An id of the paper, as `resolve_row` takes it."""
    html: bytes
    """Compressed UTF-8."""
    url: str


class SavedPages:
    """The pages of one import, kept until their papers are in the catalog."""

    def __init__(self) -> None:
        self._pages: list[_KeptPage] = []
        self._bytes = 0
        self.left_out = 0
        """How many pages were too many to be kept."""
        self.stored = 0
        """How many full texts were stored."""

    def __len__(self) -> int:
        return len(self._pages)

    def add(self, record: SourceRecord, page: SavedPage) -> None:
        """Keep the page that a record was read from."""
        html = zlib.compress(page.html.encode("utf-8", "replace"), 1)
        self._bytes += len(html)
        if self._bytes > MAX_KEPT_BYTES:
            self.left_out += 1
            return
        paper = record.arxiv or slug_id(record.title, record.abstract)
        self._pages.append(_KeptPage(record.source.name, paper, html, page.url))

    def store(
        self,
        texts: FullTexts,
        table: CatalogTable,
        operation_id: OperationId,
        progress: Callable[[Progress], None],
    ) -> list[Problem]:
        """Store the full texts, and return what could not be stored: of these, only the metadata was imported."""
        problems: list[Problem] = []
        for number, kept in enumerate(self._pages):
            progress(Progress("converting", number, len(self._pages), "full texts"))
            try:
                id = table.id_of(resolve_row(table, kept.paper))
                texts.store_saved_page(id, _page(kept), operation_id)
                self.stored += 1
            except (NotAFullText, ConversionFailed) as error:
                problems.append(_problem(kept.file, f"only its metadata was imported: {_clause(error)}"))
            except StorageError as error:
                problems.append(_problem(kept.file, f"its full text was not stored: {_clause(error)}"))
                break  # the others would fail as well
            except PaperreaderError as error:  # several papers have the same title
                problems.append(_problem(kept.file, f"its full text was not stored: {_clause(error)}"))
        if self.left_out:
            message = (
                f"the full texts of {self.left_out:,} pages were not stored; import them again, fewer at once"
            )
            problems.append(_problem("saved pages", message))
        return problems


def _page(kept: _KeptPage) -> Page:
    # The mark says that it is UTF-8, whatever the page declares.
    return Page("html", b"\xef\xbb\xbf" + zlib.decompress(kept.html), kept.url)


def _problem(file: str, message: str) -> Problem:
    return Problem(file, None, message)


def _clause(error: PaperreaderError) -> str:
    text = str(error).rstrip(".")
    return f"{text[:1].lower()}{text[1:]}"

"""The full texts of papers that are stored on this machine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.errors import NotAFullText, StorageError
from paperreader.fulltext import ConversionFailed, Document, Page, StoredText
from paperreader.fulltext.conversion import CONVERTER_VERSION, convert_page_isolated
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import MAX_TEXT_CHARS, Part, pack
from paperreader.library.full_texts.references import ReferenceMatcher
from paperreader.library.full_texts.titles import with_title
from paperreader.library.full_texts.unavailable import UnavailableTexts
from paperreader.library.removal import restorable_ids
from paperreader.library.stores import Stores
from paperreader.models import Problem

if TYPE_CHECKING:
    from paperreader.library.full_texts.citations import Citations
    from paperreader.library.full_texts.text_index import FullTextIndex

MAX_CONVERTED_AT_ONCE = 50
"""Texts that idle maintenance converts again in one run: some seconds."""


class FullTexts:
    """Full texts by the ids of their papers. What was stored under a former id is found as well.

    Reading may happen in any thread. What converts a page starts a child process and waits for it: for a job, a command
    or a worker thread.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._opened: FullTextStore | None = None

    @cached_property
    def unavailable(self) -> UnavailableTexts:
        """Which papers have no full text, remembered for a day."""
        return UnavailableTexts(self._stores)

    @cached_property
    def citations(self) -> Citations:
        """Which full texts cite a paper."""
        from paperreader.library.full_texts.citations import Citations

        return Citations(self._stores, self)

    @cached_property
    def index(self) -> FullTextIndex:
        """The search index of the texts."""
        from paperreader.library.full_texts.text_index import FullTextIndex  # imports NumPy

        return FullTextIndex(self._stores, self)

    @property
    def folder(self) -> Path | None:
        """Where the texts are stored; None while the library is empty. It may not exist."""
        return paths.full_text_folder(self._stores.uuid) if self._stores.uuid else None

    # Reading

    def stored(self, id: str) -> tuple[StoredText, ...]:
        """Return the stored versions of a paper, the newest first. Reads the beginning of each file."""
        if (store := self._store()) is None:
            return ()
        texts = [text for name in self._names(id) for text in store.texts(name)]
        self._warn(store)
        return tuple(sorted(texts, key=lambda text: text.version, reverse=True))

    def load(self, id: str, version: int | None = None) -> Document | None:
        """Return the full text of a paper, the newest version by default; None if there is none, or it is damaged."""
        for text in self.stored(id):
            if version in (None, text.version) and (document := self.document(text)) is not None:
                return with_title(self._stores.table, id, document)
        return None

    def load_from_page(self, id: str) -> Document | None:
        """Return the full text of a paper, converted again because it is damaged; None if there is no page."""
        for text in self.stored(id):
            with suppress(NotAFullText, ConversionFailed, StorageError):
                if (converted := self.convert_again(text)) is not None:
                    return self.document(converted)
        return None

    def document(self, text: StoredText) -> Document | None:
        """Return the document of a stored text; None if it is damaged or gone."""
        if (store := self._store()) is None:
            return None
        document = store.document(text)
        self._warn(store)
        return document

    def references(self, document: Document) -> Mapping[int, int]:
        """Return the row of the paper of each reference that is in the library, by the index of its block.

        For a worker: about 0.3 ms for each reference.
        """
        return ReferenceMatcher(self._stores.table).match_all(document)

    def is_outdated(self, text: StoredText) -> bool:
        """Return whether the converter has become better since, so that `convert_again` improves the text."""
        return text.converter < CONVERTER_VERSION and text.has_page

    def all_texts(self) -> Iterator[StoredText]:
        """Yield every text of the library. Reads the beginning of each file."""
        if (store := self._store()) is not None:
            yield from store.all_texts()

    def stored_rows(self) -> Set[int]:
        """Return the rows of the papers with a stored full text. Reads names of files: for a worker."""
        return self._stores.rows_with_text(self._stores.table)

    # Storing

    def store_page(self, id: str, page: Page, *, operation_id: OperationId = 0) -> StoredText:
        """Convert a page and store it as the full text of a paper. It is durable when this returns.

        Args:
            id: the id of the paper.
            page: what was sent or saved.
            operation_id: the import that it belongs to.

        Raises:
            NotAFullText: it is none, or that of another paper.
            ConversionFailed: it exceeds a limit.
            StorageError: it cannot be written.
        """
        store = self._store()
        if store is None:
            raise StorageError("The library is empty, so no full text can be stored.")
        conversion = convert_page_isolated(page)
        arxiv = self._arxiv_id(id)
        if arxiv and conversion.arxiv and conversion.arxiv != arxiv:
            raise NotAFullText(
                f"The page is the full text of arXiv:{conversion.arxiv}, not of arXiv:{arxiv}."
            )
        text = StoredText(
            paper=id,
            version=conversion.version,
            source=conversion.source,
            kind=page.kind,
            url=page.url[:MAX_TEXT_CHARS],
            etag=page.etag[:MAX_TEXT_CHARS],
            fetched=page.fetched or _now(),
            converter=CONVERTER_VERSION,
            is_cut=conversion.is_cut,
            operation=operation_id,
        )
        stored = store.write(text, conversion.document, b"" if page.kind == "pdf" else pack(page.data))
        self.unavailable.discard(id)
        return stored

    def store_saved_page(self, id: str, page: Page, operation_id: OperationId) -> None:
        """Do `store_page` for a page that an import has read, unless it is stored already.

        Raises: as `store_page`.
        """
        part = Part.of(pack(page.data))
        if not any(text.page == part and self.document(text) is not None for text in self.stored(id)):
            self.store_page(id, page, operation_id=operation_id)

    def confirm(self, text: StoredText) -> None:
        """Record that the service has no newer version now.

        Raises:
            StorageError: it cannot be written.
        """
        if (store := self._store()) is not None:
            store.confirm(text, _now())

    def convert_again(self, text: StoredText) -> StoredText | None:
        """Convert the stored page of a text with the converter of this version; None if the page is not there.

        Raises: as `store_page`; the text is unchanged then.
        """
        store = self._store()
        page = store.page(text) if store is not None else None
        if store is None or page is None:
            return None
        converted = self.store_page(text.paper, page, operation_id=text.operation)
        if store.path(converted) != store.path(text):  # the version is known now
            store.remove_text(text)
        return converted

    def remove(self, ids: Iterable[str]) -> int:
        """Remove the full texts of papers, and return how many there were.

        Raises:
            StorageError: one cannot be removed.
        """
        store = self._store()
        return sum(store.remove(name) for id in ids for name in self._names(id)) if store is not None else 0

    def remove_import(self, operation_id: OperationId) -> int:
        """Remove what an import has stored, and return how many texts that were.

        Raises:
            StorageError: one cannot be removed.
        """
        found = [text for text in self.all_texts() if text.operation == operation_id]
        if store := self._store():
            for text in found:
                store.remove_text(text)
        return len(found)

    # Maintenance

    def remove_orphans(self) -> int:
        """Remove the texts of papers that are gone for good, and return how many there were.

        Those of the last removal, which can be undone, stay.

        Raises:
            StorageError: one cannot be removed.
        """
        table = self._stores.table
        gone = {text.paper for text in self.all_texts() if table.row_of(text.paper) is None}
        return self.remove(sorted(gone - restorable_ids(self._stores))) if gone else 0

    def convert_outdated(self) -> int:
        """Convert some texts again that an older converter made, and return how many. The others follow next time.

        Raises:
            StorageError: one cannot be written.
        """
        outdated = [text for text in self.all_texts() if self.is_outdated(text)]
        converted = 0
        # At random: a page that cannot be converted must not keep others from it each time.
        for text in random.sample(outdated, min(len(outdated), MAX_CONVERTED_AT_ONCE)):
            with suppress(NotAFullText, ConversionFailed):  # what the older converter made stays
                converted += self.convert_again(text) is not None
        return converted

    def verify(self) -> list[Problem]:
        """Return a problem for each damaged file."""
        store = self._store()
        return store.verify() if store is not None else []

    def repair(self) -> list[str]:
        """Convert damaged texts again from their pages, and remove the others. Return what was done, as sentences.

        Raises:
            StorageError: the folder cannot be written.
        """
        store = self._store()
        if store is None or not store.verify():
            return []
        converted = 0
        for text in list(store.all_texts()):
            if store.document(text) is None:
                with suppress(NotAFullText, ConversionFailed):  # it is removed below
                    converted += self.convert_again(text) is not None
        removed = store.remove_damaged()
        store.pop_problems()
        done = {"converted again from their pages": converted, "removed; they can be fetched again": removed}
        return [f"Damaged full texts {what}: {count:,}." for what, count in done.items() if count]

    def _store(self) -> FullTextStore | None:
        folder = self.folder
        if folder is None:
            return None
        if self._opened is None or self._opened.folder != folder:
            self._opened = FullTextStore(folder)
        return self._opened

    def _names(self, id: str) -> tuple[str, ...]:
        """Return the ids that a paper has or had."""
        table = self._stores.table
        row = table.row_of(id)
        if row is None:
            return (id,)
        paper = table.paper(row)
        return tuple(dict.fromkeys((paper.id, *paper.aliases, id)))

    def _arxiv_id(self, id: str) -> str:
        table = self._stores.table
        row = table.row_of(id)
        return table.paper(row).arxiv if row is not None else ""

    def _warn(self, store: FullTextStore) -> None:
        for problem in store.pop_problems():
            self._stores.warn(
                f"The {problem.file} {problem.message}. It is converted or fetched again when it is opened."
            )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

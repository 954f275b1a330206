"""Which stored full texts cite a paper."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paperreader.errors import StorageError
from paperreader.fulltext import Piece, Reference, StoredText
from paperreader.fulltext.reference_lists import (
    ReferenceList,
    by_text,
    list_references,
    read_lists,
    write_lists,
)
from paperreader.library.full_texts.references import ReferenceMatcher
from paperreader.library.stores import Stores
from paperreader.text.ids import title_key

if TYPE_CHECKING:
    from paperreader.library.full_texts.full_texts import FullTexts

FILE_NAME = "references.msgpack"


class Citation(NamedTuple):
    """A full text that cites a paper."""

    row: int
    """The row of the citing paper."""
    version: int
    block: int
    """Index of the block of the reference in its document."""


class Citations:
    """Looks papers up in the references of all full texts. For a worker: the first call reads what is new."""

    def __init__(self, stores: Stores, texts: FullTexts) -> None:
        self._stores, self._texts = stores, texts
        self._lists: tuple[ReferenceList, ...] | None = None
        self._lock = threading.Lock()

    def cited_by(self, row: int, *, cancelled: Callable[[], bool] = lambda: False) -> list[Citation]:
        """Return the citations of the paper at a row, each citing paper once, in the order of the table.

        Raises:
            StorageError: the line of the paper is damaged.
        """
        table = self._stores.table
        paper = table.paper(row)
        ids = [f"arxiv:{paper.arxiv}"] * bool(paper.arxiv) + [f"doi:{paper.doi}"] * bool(paper.doi)
        key, matcher = title_key(paper.title), ReferenceMatcher(table)
        found: dict[int, Citation] = {}
        for each in self._current_lists(cancelled):
            citing = table.row_of(each.paper)
            if citing is None or citing == row:
                continue
            for reference in each.mentioning(ids, key):
                block = Reference(label="", content=(Piece(reference.text),), ids=reference.ids)
                if matcher.match(block) == row:
                    found.setdefault(citing, Citation(citing, each.version, reference.block))
                    break
        return [found[citing] for citing in sorted(found)]

    def update(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Read the references of texts that were stored since, and forget those of texts that are gone."""
        self._current_lists(cancelled)

    def _current_lists(self, cancelled: Callable[[], bool]) -> tuple[ReferenceList, ...]:
        with self._lock:
            if (path := self._path) is None:
                return ()
            if self._lists is None:
                self._lists = read_lists(path)
            known = by_text(self._lists)
            newest: dict[str, StoredText] = {}
            for text in self._texts.all_texts():
                if text.paper not in newest or text.version > newest[text.paper].version:
                    newest[text.paper] = text
            lists = []
            for text in newest.values():
                listed = known.get((text.paper, text.version, text.document.crc))
                if listed is None and not cancelled():
                    document = self._texts.document(text)
                    listed = list_references(text, document) if document is not None else None
                if listed is not None:
                    lists.append(listed)
            if len(lists) != len(self._lists) or any(
                one is not other for one, other in zip(lists, self._lists, strict=True)
            ):
                self._lists = tuple(lists)
                self._save(path)
            return self._lists

    def _save(self, path: Path) -> None:
        try:
            write_lists(path, self._lists or ())
        except StorageError as error:
            self._stores.warn(f"The references of full texts are read again at the next start: {error}")

    @property
    def _path(self) -> Path | None:
        return self._stores.cache_folder / FILE_NAME if self._stores.uuid else None

"""A Whoosh codec for our segments, so that a stock Whoosh `Searcher` can read the index.

Derived from Whoosh's own codec: segments, columns and lengths are unchanged, posting lists and terms use the layout of
`segment_writer`. Whoosh decodes postings into Python numbers, so this serves compatibility and tests; queries read
arrays through `segment_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import whoosh3
from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from paperreader.search.index.schema import INDEX_NAME, TEXT_FIELDS
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.segment_writer import POSTS_EXT, TERM_LIST_OF_FIELD, TERMS_EXT

Term = tuple[str, bytes]
"""Field and text: Whoosh's identification of a term."""


class PackedCodec(whoosh3.W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our posting lists. Read-only: `update.updater` writes segments without Whoosh."""

    TERMS_EXT, POSTS_EXT = TERMS_EXT, POSTS_EXT

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """Return a reader of the terms and posting lists of a segment."""
        return PackedTermsReader(open_segment(Path(storage.folder), segment))

    def per_document_reader(self, storage: Any, segment: Any) -> whoosh3.W3PerDocReader:
        """Return a reader of field lengths and rows."""
        return _PerDocumentReader(storage, segment)


def new_segment(name: str = "") -> whoosh3.W3Segment:
    """Return an empty Whoosh segment whose file names start with `name`, by default with a new unique name."""
    segment = whoosh3.W3Segment(PackedCodec(), INDEX_NAME)
    if name:
        segment.segid = name.removeprefix(f"{INDEX_NAME}_")
    return segment


def open_segment(
    folder: Path, segment: Any, read_file: Callable[[str], bytes] | None = None
) -> SegmentReader:
    """Open the arrays of a Whoosh segment; `read_file` returns the (verified) content of a file by name.

    Raises:
        IndexDamaged, OSError: the files differ from what was written.
    """
    read = read_file or (lambda name: (folder / name).read_bytes())
    return SegmentReader(folder, segment.segment_id(), segment.doc_count_all(), read)


def postings_file_name(segment: Any) -> str:
    """Return the name of the file with the posting lists of a Whoosh segment."""
    return str(segment.make_filename(POSTS_EXT))


def live_mask(segment: Any) -> NDArray[np.bool_]:
    """Return for each document of a Whoosh segment whether it is live (not deleted)."""
    found = np.ones(segment.doc_count_all(), np.bool_)
    found[list(segment.deleted_docs())] = False
    return found


class _PerDocumentReader(whoosh3.W3PerDocReader):  # type: ignore[misc]
    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return nothing: texts are in the catalog."""
        return {}


class _TermNotFound(TermNotFound, KeyError):  # type: ignore[misc]
    """Whoosh expects one of the two depending on the call."""


class PackedTermsReader(TermsReader):  # type: ignore[misc]
    """Sorted terms as (field, text)."""

    def __init__(self, segment: SegmentReader) -> None:
        self._segment = segment

    def __contains__(self, term: Term) -> bool:
        return term[0] in TERM_LIST_OF_FIELD and self._segment.terms.number(term[0], term[1].decode()) >= 0

    def indexed_field_names(self) -> list[str]:
        """Return the fields with terms."""
        return sorted(TERM_LIST_OF_FIELD)

    def cursor(self, fieldname: str, fieldobj: Any) -> FieldCursor:
        """Return a cursor over the terms of a field."""
        return _Cursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[Term]:
        """Yield all terms."""
        for field in self.indexed_field_names():
            yield from self._terms(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from `prefix` on, including those of later fields."""
        for field in self.indexed_field_names():
            if field >= fieldname:
                yield from self._terms(field, prefix if field == fieldname else b"")

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield `terms_from` with statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Compute the statistics of a term from its posting list."""
        documents, weights = self._segment.documents(fieldname, self._term_number(fieldname, text))
        total, most, lengths = len(documents), 1, [1]
        if fieldname in TEXT_FIELDS:
            total, most = int(weights.sum(dtype=np.int64)), int(weights.max())
            lengths = self._segment.lengths(fieldname)[documents].tolist()
        return TermInfo(
            weight=float(total),
            df=len(documents),
            minlength=min(lengths),
            maxlength=max(lengths),
            maxweight=float(most),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the number of occurrences of a term in all documents."""
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the number of documents that contain a term."""
        return int(self._segment.terms.document_counts[fieldname][self._term_number(fieldname, text)])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return a matcher over the posting list as Python numbers."""
        number = self._term_number(fieldname, text)
        documents, weights = self._segment.documents(fieldname, number)
        values: list[bytes] | None = None
        if fieldname in TEXT_FIELDS:
            positions = self._segment.positions(fieldname, number, weights)
            values = [part.tobytes() for part in np.split(positions, np.cumsum(weights)[:-1])]
        else:
            weights = np.ones(len(documents), np.uint8)
        return ListMatcher(
            documents.tolist(),
            weights.astype(float).tolist(),
            values,
            format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def close(self) -> None:
        """Close the files."""
        self._segment.close()

    def _term_number(self, fieldname: str, text: bytes) -> int:
        number = (
            self._segment.terms.number(fieldname, text.decode()) if fieldname in TERM_LIST_OF_FIELD else -1
        )
        if number < 0:
            raise _TermNotFound(f"No term {fieldname}:{text!r}")
        return number

    def _terms(self, field: str, start: bytes) -> Iterator[Term]:
        term_list, counts = (
            self._segment.terms.lists[TERM_LIST_OF_FIELD[field]],
            self._segment.terms.document_counts[field],
        )
        for number in range(term_list.insertion_point(start), len(term_list)):
            if counts[number]:
                yield field, term_list[number]


class _Cursor(FieldCursor):  # type: ignore[misc]
    """Iterates over the terms of one field."""

    def __init__(self, reader: PackedTermsReader, field: str, fieldobj: Any) -> None:
        self._reader, self._field, self._object = reader, field, fieldobj
        self._text: str | None = None
        self.first()

    def first(self) -> str | None:
        """Move to the first term."""
        return self.find(b"")

    def find(self, term: bytes | str) -> str | None:
        """Move to that term or the next one after it."""
        start = term if isinstance(term, bytes) else self._object.to_bytes(term)
        self._terms = self._reader._terms(self._field, start)
        return self.next()

    def next(self) -> str | None:
        """Move to the next term."""
        found = next(self._terms, None)
        self._text = self._object.from_bytes(found[1]) if found else None
        return self._text

    def text(self) -> str | None:
        """Return the term under the cursor; None after the last."""
        return self._text

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the term under the cursor."""
        if self._text is None:
            return None
        return self._reader.term_info(self._field, self._object.to_bytes(self._text))

    def is_valid(self) -> bool:
        """Whether the cursor is on a term."""
        return self._text is not None

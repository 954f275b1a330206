"""A finished state of the index as whoever adds to it needs it: checked, and hardly anything of it in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion
from paperreader.search.index import array_file, manifest
from paperreader.search.index.manifest import Manifest
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.index.segment_writer import COLUMN_EXT, TERMS_EXT
from paperreader.search.index.term_dictionary import IndexDamaged, StemDictionary, TermList

_DICTIONARY = ("stem.text", "stem.ends", "word.text", "word.ends", "word.stem")


class LeanSegment:
    """Which papers a segment holds, and its words with their stems when somebody asks. See `opened.Stored`."""

    def __init__(self, folder: Path, known: Manifest, name: str, size: int) -> None:
        self.document_count = size
        self._terms = folder / f"{name}{TERMS_EXT}"
        manifest.check_file(folder, known, self._terms.name)
        for column in (f"_{field}_len" for field in TEXT_FIELDS):
            manifest.check_file(folder, known, f"{name}.{column}{COLUMN_EXT}")
        rows = manifest.read_checked(folder, known, f"{name}.row{COLUMN_EXT}")
        self.rows: NDArray[np.int32] = np.frombuffer(rows, ">u4").astype(np.int32)
        if len(self.rows) != size:
            raise IndexDamaged

    def stem_dictionary(self) -> StemDictionary:
        """The words with their stems, read anew each time."""
        with self._terms.open("rb", buffering=0) as file:
            table = array_file.read_arrays(file, _DICTIONARY)
        words, stems = (
            TermList(table[f"{lexicon}.text"], table[f"{lexicon}.ends"]) for lexicon in ("word", "stem")
        )
        return StemDictionary(words, stems, table["word.stem"])


class Lean:
    """The segments that a manifest describes. See `opened.State`.

    Raises:
        Damaged, OSError, ValueError, KeyError: the files are not what the manifest said.
    """

    def __init__(self, folder: Path, known: Manifest) -> None:
        self.catalog_version: CatalogVersion = known.stamp
        self.segments = {
            segment.segment_id(): LeanSegment(folder, known, segment.segment_id(), segment.doc_count_all())
            for segment in manifest.nonempty_segments(folder, known)
        }

    def close(self) -> None:
        """There is nothing to let go of."""

"""Split papers that mix several works, as earlier versions merged them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from paperreader.catalog.journal.format import in_batches
from paperreader.catalog.write.changes import ChangeSet
from paperreader.catalog.write.types import NewLines
from paperreader.catalog.write.writer import CatalogWriter


def split_mixtures(writer: CatalogWriter, ids: Sequence[str]) -> int:
    """Group and merge the records of papers again. Return how many papers that changed.

    Raises:
        StorageError: the catalog cannot be written; a repetition does the rest.
    """
    changed = sum(writer.change(partial(_split_batch, ids=batch)) for batch in in_batches(ids))
    if changed:
        writer.finish()
    return changed


def _split_batch(changes: ChangeSet, ids: Sequence[str]) -> tuple[NewLines, int]:
    changed = sum(changes.regroup(id) for id in ids)
    return changes.papers.lines(), changed

"""Repair a catalog: merge other versions, remove damaged lines, rebuild the row table, split mixed papers."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.catalog.catalog_file import CatalogFile
from paperreader.catalog.merge.suspects import find_mixtures
from paperreader.catalog.verify import check_losses, repair_messages, verify_catalog
from paperreader.catalog.write.split import split_mixtures


def repair_catalog(
    file: CatalogFile, merge_conflict_copies: Callable[[], list[str]], *, force: bool
) -> list[str]:
    """Repair a catalog and return a message for each repair. See `Catalog.repair`."""
    has_git_conflict = file.has_git_conflict()
    if not force and not has_git_conflict:
        check_losses(file.path)
    messages = merge_conflict_copies()
    if not force and has_git_conflict:
        check_losses(file.path)
    if problems := verify_catalog(file.path, file.row_table_path):
        with file.writer() as writer:
            writer.rebuild()
        messages += file.warnings
        file.warnings.clear()
        messages += repair_messages(problems)
    return [*messages, *_split_mixtures(file)]


def _split_mixtures(file: CatalogFile) -> list[str]:
    ids = [id for id, _ in find_mixtures(file.open())]
    if not ids:
        return []
    with file.writer() as writer:
        count = split_mixtures(writer, ids)
    papers = "1 paper" if count == 1 else f"{count:,} papers"
    return [
        f"Separated works that were mixed in {papers}. Marks stay with the title and authors shown before."
    ]

"""Find and repair what is wrong with a catalog: conflict copies, damaged lines, the row table, mixed papers."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.catalog.catalog_file import CatalogFile
from paperreader.catalog.mixtures import Mixtures
from paperreader.catalog.verify import check_losses, repair_messages, verify_catalog
from paperreader.models import Problem
from paperreader.sync_copies import conflict_copies


def find_problems(file: CatalogFile) -> list[Problem]:
    """Return everything that is wrong with a catalog. See `Catalog.verify`."""
    unmerged = (
        Problem(copy.name, None, "it is a conflict copy; `paperreader check --repair` merges it")
        for copy in conflict_copies(file.path)
    )
    return [*verify_catalog(file.path, file.row_table_path), *unmerged, *Mixtures(file).problems()]


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
    return [*messages, *Mixtures(file).split()]

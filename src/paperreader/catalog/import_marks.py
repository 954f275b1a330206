"""The record of what imports added to marks, which `import --undo` takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.catalog.catalog_file import CatalogFile

if TYPE_CHECKING:
    from paperreader.catalog.journal.undo_records import OperationId
    from paperreader.json_codec import JsonObject


class ImportMarks:
    """Lines of one catalog that record additions to marks. They belong to the import with the same id."""

    def __init__(self, file: CatalogFile) -> None:
        self._file = file

    def record(self, operation_id: OperationId, marks: JsonObject) -> None:
        """Record what the import with that id adds to marks, by paper id, before the marks are saved.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.write.operations import record_imported_marks

        with self._file.writer() as writer:
            record_imported_marks(writer, operation_id, marks)

    def of_last_import(self) -> JsonObject:
        """Return what the import that would be undone next added to marks, by paper id.

        Raises:
            StorageError: the catalog cannot be read.
        """
        from paperreader.catalog.journal.undo_records import last_import, parse_imported_marks

        table = self._file.open()
        if not table.size:
            return {}
        with table.open_descriptor() as descriptor:
            marks = [parse_imported_marks(line) for line in last_import(descriptor)]
        return {id: added for each in marks for id, added in each.items()}
